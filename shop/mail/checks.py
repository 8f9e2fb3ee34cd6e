"""Refuses settings with which no mail would leave, or anybody could report mails as bounced."""

from collections.abc import Iterator, Sequence
from email.utils import parseaddr

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from cms.core.checks import CONFIGURATION, NOBODY_HOST

MIN_WEBHOOK_PASSWORD_LENGTH = 16
# Takes mails in a trial and sends none: the one of docker-compose.yml, and its kind.
MAIL_CATCHERS = ("mailpit", "mailhog", "maildev", "mailcatcher")
REAL_MAIL_BACKENDS = ("django.core.mail.backends.smtp.EmailBackend",)


@register(Tags.security, CONFIGURATION)
def check_mail(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Return what is wrong with the e-mail service; in production also with server and sender."""
    faults = [*_service_faults()]
    if settings.ENVIRONMENT == "production":
        faults += _transport_faults()
    return faults


def _service_faults() -> Iterator[CheckMessage]:
    """Check Anymail's settings: it says nothing before the first mail, and needs no secret for reports."""
    service, services = settings.EMAIL_SERVICE, settings.EMAIL_SERVICES
    if not service:
        return
    if service not in services:
        yield Error(
            f"EMAIL_SERVICE={service} is not known: no mail would leave.",
            hint=f"It is one of {', '.join(services)}, or empty for the mail server in EMAIL_URL.",
            id="checkup.E011",
        )
        return
    if settings.EMAIL_URL:
        yield Error(
            "EMAIL_SERVICE and EMAIL_URL are both set: it is not clear who sends the mails.",
            hint="Keep one of them.",
            id="checkup.E012",
        )
    names = services[service]
    if not settings.ANYMAIL.get(names["key"]):
        yield Error(
            "EMAIL_SERVICE_KEY is missing: the e-mail service would take no mail.",
            hint=f"Copy the API key (the server token at Postmark) from the dashboard of {service}.",
            id="checkup.E013",
        )
    if "signing" in names and not settings.ANYMAIL.get(names["signing"]):
        yield Error(
            "EMAIL_WEBHOOK_SIGNING_KEY is missing: bounces could be forged, so none would be taken.",
            hint=f"Copy the HTTP webhook signing key from the dashboard of {service}.",
            id="checkup.E014",
        )
    secrets: list[str] = settings.ANYMAIL.get("WEBHOOK_SECRET", [])
    if ("signing" not in names and not secrets) or not all(_is_webhook_secret(secret) for secret in secrets):
        yield Error(
            "EMAIL_WEBHOOK_SECRET is missing or too short: anybody could report mails as bounced.",
            hint="user:password, 16 characters of password or more, as in the address at the service.",
            id="checkup.E015",
        )


def _is_webhook_secret(secret: str) -> bool:
    user, _colon, password = secret.partition(":")
    return bool(user) and len(password) >= MIN_WEBHOOK_PASSWORD_LENGTH


def _transport_faults() -> Iterator[CheckMessage]:
    backend = settings.MAIL_TRANSPORT
    if backend not in REAL_MAIL_BACKENDS and not backend.startswith("anymail."):
        yield Error(
            "EMAIL_URL is missing or of a trial: no customer would get a mail.",
            hint="EMAIL_URL=smtp+tls://user:password@mail.your.domain:587, or set EMAIL_SERVICE.",
            id="checkup.E008",
        )
    elif backend in REAL_MAIL_BACKENDS and settings.EMAIL_HOST.lower().split(".")[0] in MAIL_CATCHERS:
        yield Error(
            f"EMAIL_URL names {settings.EMAIL_HOST}, which shows mails and sends none.",
            hint="EMAIL_URL=smtp+tls://user:password@mail.your.domain:587, or set EMAIL_SERVICE.",
            id="checkup.E008",
        )
    if NOBODY_HOST.search(parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2].lower()):
        yield Error(
            "DEFAULT_FROM_EMAIL is an example address.",
            hint="Set the sender of all mails: DEFAULT_FROM_EMAIL='Checkup <hello@your.domain>'",
            id="checkup.E009",
        )
