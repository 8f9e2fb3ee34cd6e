"""Who takes the mails: an e-mail service, a mail server, or a folder.

EMAIL_BACKEND is what Django and Wagtail hand their mails to: the outbox, which keeps each until
MAIL_TRANSPORT has taken it.
"""

import environ

import configuration
from cms.core.email_service import email_backend, settings_from_environment

env = configuration.load()

EMAIL_BACKEND = "shop.mail.backend.OutboxBackend"
EMAIL_SERVICE = env.text("EMAIL_SERVICE", default="").strip().lower()
EMAIL_URL = env.text("EMAIL_URL", default="")
if EMAIL_SERVICE:
    MAIL_TRANSPORT = email_backend(EMAIL_SERVICE)
    ANYMAIL = settings_from_environment(EMAIL_SERVICE, env)
elif EMAIL_URL:
    _email = env.parsed(
        "EMAIL_URL", environ.Env.email_url_config, "", example="smtp+tls://user:password@host:587"
    )
    MAIL_TRANSPORT = _email["EMAIL_BACKEND"]
    EMAIL_HOST = _email.get("EMAIL_HOST") or "localhost"
    EMAIL_PORT = _email.get("EMAIL_PORT") or 25
    EMAIL_HOST_USER = _email.get("EMAIL_HOST_USER") or ""
    EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_PASSWORD") or ""
    EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
    EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
else:
    MAIL_TRANSPORT = "django.core.mail.backends.filebased.EmailBackend"
