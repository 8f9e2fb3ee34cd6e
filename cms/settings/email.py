"""Who takes the mails: an e-mail service, a mail server, or a folder.

EMAIL_BACKEND is what Django and Wagtail hand their mails to: the outbox, which keeps each until
MAIL_TRANSPORT has taken it.
"""

from typing import Any

import environ

import configuration

env = configuration.load()

# Services whose reports carry our own number of the mail back, and what each calls its key.
# The names are anymail's; "signing" is the name of a key of its own with which the service signs reports.
EMAIL_SERVICES: dict[str, dict[str, str]] = {
    "brevo": {"key": "BREVO_API_KEY"},
    "mailgun": {"key": "MAILGUN_API_KEY", "signing": "MAILGUN_WEBHOOK_SIGNING_KEY"},
    "postmark": {"key": "POSTMARK_SERVER_TOKEN"},
    "sparkpost": {"key": "SPARKPOST_API_KEY"},
}


def email_backend(service: str) -> str:
    """Return the path of the service's e-mail backend."""
    return f"anymail.backends.{service}.EmailBackend"


def anymail_settings(
    service: str, *, key: str, webhook_secret: str, signing_key: str = "", api_url: str = ""
) -> dict[str, Any]:
    """Return the value of ANYMAIL, which shop.mail.checks judges. `webhook_secret` is "user:password"."""
    names = EMAIL_SERVICES.get(service, {})
    values: dict[str, Any] = {"REQUESTS_TIMEOUT": 20}  # as EMAIL_TIMEOUT: it must not hold a worker
    if webhook_secret:
        values["WEBHOOK_SECRET"] = [secret.strip() for secret in webhook_secret.split(",")]
    if key and names:
        values[names["key"]] = key
    if signing_key and "signing" in names:
        values[names["signing"]] = signing_key
    if api_url and names:
        values[f"{service.upper()}_API_URL"] = api_url
    return values


EMAIL_BACKEND = "shop.mail.backend.OutboxBackend"
EMAIL_SERVICE = env.text("EMAIL_SERVICE", default="").strip().lower()
EMAIL_URL = env.text("EMAIL_URL", default="")
if EMAIL_SERVICE:
    MAIL_TRANSPORT = email_backend(EMAIL_SERVICE)
    ANYMAIL = anymail_settings(
        EMAIL_SERVICE,
        key=env.text("EMAIL_SERVICE_KEY"),
        webhook_secret=env.text("EMAIL_WEBHOOK_SECRET"),
        signing_key=env.text("EMAIL_WEBHOOK_SIGNING_KEY"),
        api_url=env.text("EMAIL_SERVICE_API_URL"),
    )
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
