"""An e-mail service in place of a mail server, from four names in the environment (see .env.example)."""

from typing import Any

from environ import Env

# Services whose reports carry our own number of the mail back, and what each calls its key.
# The names are anymail's; "signing" is the name of a key of its own with which the service signs reports.
SERVICES: dict[str, dict[str, str]] = {
    "brevo": {"key": "BREVO_API_KEY"},
    "mailgun": {"key": "MAILGUN_API_KEY", "signing": "MAILGUN_WEBHOOK_SIGNING_KEY"},
    "postmark": {"key": "POSTMARK_SERVER_TOKEN"},
    "sparkpost": {"key": "SPARKPOST_API_KEY"},
}


def email_backend(service: str) -> str:
    """The path of the service's e-mail backend."""
    return f"anymail.backends.{service}.EmailBackend"


def settings_from_environment(service: str, env: Env) -> dict[str, Any]:
    """The value of ANYMAIL as the environment has it."""
    return anymail_settings(
        service,
        key=env.str("EMAIL_SERVICE_KEY", default=""),
        webhook_secret=env.str("EMAIL_WEBHOOK_SECRET", default=""),
        signing_key=env.str("EMAIL_WEBHOOK_SIGNING_KEY", default=""),
        api_url=env.str("EMAIL_SERVICE_API_URL", default=""),
    )


def anymail_settings(
    service: str, *, key: str, webhook_secret: str, signing_key: str = "", api_url: str = ""
) -> dict[str, Any]:
    """The value of ANYMAIL; cms.core.checks says what is wrong. `webhook_secret` is "user:password"."""
    names = SERVICES.get(service, {})
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
