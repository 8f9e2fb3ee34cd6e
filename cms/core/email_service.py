"""An e-mail service in place of a mail server, from four names in the environment (see .env.example)."""

from typing import Any

from configuration import Environment

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


def settings_from_environment(service: str, env: Environment) -> dict[str, Any]:
    """The value of ANYMAIL as the environment has it."""
    return anymail_settings(
        service,
        key=env.text("EMAIL_SERVICE_KEY"),
        webhook_secret=env.text("EMAIL_WEBHOOK_SECRET"),
        signing_key=env.text("EMAIL_WEBHOOK_SIGNING_KEY"),
        api_url=env.text("EMAIL_SERVICE_API_URL"),
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
