"""A server with real patients' data: nothing insecure starts (see cms.core.checks)."""

from cms.settings.base import *  # noqa: F403 - a settings module extends its base by name

ENVIRONMENT = "production"
DEBUG = False
# Without a value the check refuses to start, in words of its own.
SECRET_KEY = env.text("SECRET_KEY", default="") or "missing"
ALLOWED_HOSTS = env.strings("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if "*" not in host]

STORAGES["staticfiles"] = {
    "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
}

SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
# Frames of other sites are refused; Wagtail's preview panel frames the site's own pages.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
