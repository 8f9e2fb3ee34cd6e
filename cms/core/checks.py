"""Refuses a configuration that would harm patients, buyers or the shop; in words that say what to set."""

import re
from collections.abc import Callable, Iterator, Sequence
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

from cms.core.email_service import SERVICES

SHORTEST_SECRET_KEY = 50
SHORTEST_WEBHOOK_PASSWORD = 16
# Every key that can be read in this repository.
EXAMPLE_KEY_MARKS = (
    "missing",
    "example",
    "change-me",
    "changeme",
    "development-only",
    "test-only",
    "insecure",
)
EXAMPLE_PASSWORD = "password"  # noqa: S105 - as DATABASE_URL has it in .env.example
TEST_KEY_PREFIXES = ("sk_test_", "rk_test_")
LIVE_KEY_PREFIXES = ("sk_live_", "rk_live_")
WEBHOOK_SECRET = re.compile(r"whsec_[A-Za-z0-9+/=_-]{8,}")
# The stand-in's own, which whoever reads this repository knows.
STANDIN_WEBHOOK_SECRET = "whsec_standin"  # noqa: S105 - public: it stands in the stand-in
# Names that stand in documentation (RFC 2606), in .env.example too, or that no reader can reach.
NOBODY_HOST = re.compile(
    r"(^|\.)(localhost|local|invalid|example|example\.(com|net|org))$|^127\.|^\[?::1\]?$|^0\.0\.0\.0$"
)
# Takes mails in a trial and sends none: the one of docker-compose.yml, and its kind.
MAIL_CATCHERS = ("mailpit", "mailhog", "maildev", "mailcatcher")
REAL_MAIL_BACKENDS = ("django.core.mail.backends.smtp.EmailBackend",)


def refuse_faulty_configuration() -> None:
    """Raises ImproperlyConfigured with every fault's words; a process asks before it takes work."""
    faults = [message for message in configuration_faults() if message.level >= Error("").level]
    if faults:
        lines = (f"{fault.msg} {fault.hint or ''}".strip() for fault in faults)
        raise ImproperlyConfigured("This configuration is refused:\n- " + "\n- ".join(lines))


@register(Tags.security)
def check_configuration(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Django's hook: part of every `manage.py check`, `runserver` and Celery worker."""
    return configuration_faults()


def configuration_faults() -> list[CheckMessage]:
    """Everything that is wrong with this process's settings."""
    rules: list[Callable[[], Iterator[CheckMessage]]] = [_stripe_faults, _email_service_faults]
    if settings.ENVIRONMENT == "production":
        rules += [
            _key_faults,
            _address_faults,
            _test_money_faults,
            _mail_faults,
            _example_faults,
            _demo_faults,
            _single_server,
        ]
    return [fault for rule in rules for fault in rule()]


def _stripe_faults() -> Iterator[CheckMessage]:
    key = settings.STRIPE_SECRET_KEY
    if settings.ENVIRONMENT != "production" and key.startswith(LIVE_KEY_PREFIXES):
        yield Error(
            "STRIPE_SECRET_KEY is a live key outside production: real cards would be charged.",
            hint="Use a key that begins with sk_test_, or none for the payment stand-in.",
            id="checkup.E001",
        )
    if not key.startswith((*TEST_KEY_PREFIXES, *LIVE_KEY_PREFIXES)):
        yield Error(
            "STRIPE_SECRET_KEY is no secret key of Stripe's.",
            hint="It begins with sk_test_, rk_test_, sk_live_ or rk_live_.",
            id="checkup.E002",
        )
    if not settings.STRIPE_WEBHOOK_SECRET:
        yield Error(
            "STRIPE_WEBHOOK_SECRET is missing: payments could be forged, so every webhook would be refused.",
            hint="Copy the signing secret (whsec_…) of the webhook endpoint from Stripe's dashboard.",
            id="checkup.E003",
        )


def _key_faults() -> Iterator[CheckMessage]:
    key = settings.SECRET_KEY
    is_example = any(mark in key.lower() for mark in EXAMPLE_KEY_MARKS)
    if is_example or len(key) < SHORTEST_SECRET_KEY or len(set(key)) < 5:
        yield Error(
            f"SECRET_KEY is missing, an example, or shorter than {SHORTEST_SECRET_KEY} characters.",
            hint="Make one: python -c 'import secrets; print(secrets.token_urlsafe(50))'",
            id="checkup.E004",
        )


def _address_faults() -> Iterator[CheckMessage]:
    hosts = settings.ALLOWED_HOSTS
    if not hosts or "*" in hosts:
        yield Error(
            "ALLOWED_HOSTS is empty or accepts every host: links in mails could be forged.",
            hint="Name the site's hosts, with commas: ALLOWED_HOSTS=www.checkup.example",
            id="checkup.E005",
        )
    elif all(NOBODY_HOST.search(host.lower()) for host in hosts):
        yield Error(
            "ALLOWED_HOSTS names only this machine or examples: no reader would be answered.",
            hint="Name the site's hosts, with commas: ALLOWED_HOSTS=www.your.domain",
            id="checkup.E019",
        )
    if not settings.PUBLIC_BASE_URL.startswith("https://"):
        yield Error(
            "PUBLIC_BASE_URL does not begin with https://: order links in mails could be read on their way.",
            hint="Set the address that readers use: PUBLIC_BASE_URL=https://www.checkup.example",
            id="checkup.E006",
        )


def _test_money_faults() -> Iterator[CheckMessage]:
    """What pays with no money, or lets anybody say that something was paid."""
    if settings.STRIPE_API_BASE:
        yield Error(
            "STRIPE_SECRET_KEY is missing: the payment stand-in would hand out tests for nothing.",
            hint="Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET.",
            id="checkup.E007",
        )
        return
    if settings.STRIPE_SECRET_KEY.startswith(TEST_KEY_PREFIXES):
        yield Error(
            "STRIPE_SECRET_KEY is a test key: kits would leave for test cards, which pay nothing.",
            hint="Use the live key, sk_live_… or rk_live_…; a trial runs with cms.settings.dev and DEBUG=0.",
            id="checkup.E016",
        )
    secrets = [secret.strip() for secret in settings.STRIPE_WEBHOOK_SECRET.split(",") if secret.strip()]
    if STANDIN_WEBHOOK_SECRET in secrets:
        yield Error(
            "STRIPE_WEBHOOK_SECRET is the stand-in's, which everybody knows: payments could be forged.",
            hint="Copy the signing secret (whsec_…) of the webhook endpoint from Stripe's dashboard.",
            id="checkup.E017",
        )
    elif not all(WEBHOOK_SECRET.fullmatch(secret) for secret in secrets):
        yield Error(
            "STRIPE_WEBHOOK_SECRET is no signing secret of Stripe's: every webhook would be refused.",
            hint="It begins with whsec_ and goes on with letters and digits; two with a comma between.",
            id="checkup.E018",
        )


def _mail_faults() -> Iterator[CheckMessage]:
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


def _example_faults() -> Iterator[CheckMessage]:
    """Values that were copied from .env.example as they stand there."""
    base = urlsplit(settings.PUBLIC_BASE_URL).hostname or ""
    if base and NOBODY_HOST.search(base):
        yield Error(
            f"PUBLIC_BASE_URL names {base}: no link in a mail could be opened.",
            hint="Set the address that readers use: PUBLIC_BASE_URL=https://www.your.domain",
            id="checkup.E020",
        )
    elif base and settings.ALLOWED_HOSTS and not validate_host(base, settings.ALLOWED_HOSTS):
        yield Error(
            f"PUBLIC_BASE_URL names {base}, which is not in ALLOWED_HOSTS: links in mails would be refused.",
            hint=f"ALLOWED_HOSTS={','.join([base, *settings.ALLOWED_HOSTS])}",
            id="checkup.E020",
        )
    if settings.DATABASES["default"].get("PASSWORD") == EXAMPLE_PASSWORD:
        yield Error(
            "DATABASE_URL has the password of the example file.",
            hint="Make one: python -c 'import secrets; print(secrets.token_urlsafe(24))'",
            id="checkup.E021",
        )
    if settings.DEBUG:
        yield Error("DEBUG is on: errors would show settings and data to readers.", id="checkup.E022")


def _email_service_faults() -> Iterator[CheckMessage]:
    """Anymail itself says nothing before the first mail, and takes reports from anybody without a secret."""
    service = settings.EMAIL_SERVICE
    if not service:
        return
    if service not in SERVICES:
        yield Error(
            f"EMAIL_SERVICE={service} is not known: no mail would leave.",
            hint=f"It is one of {', '.join(SERVICES)}, or empty for the mail server in EMAIL_URL.",
            id="checkup.E011",
        )
        return
    if settings.EMAIL_URL:
        yield Error(
            "EMAIL_SERVICE and EMAIL_URL are both set: it is not clear who sends the mails.",
            hint="Keep one of them.",
            id="checkup.E012",
        )
    names = SERVICES[service]
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
    return bool(user) and len(password) >= SHORTEST_WEBHOOK_PASSWORD


def _demo_faults() -> Iterator[CheckMessage]:
    if settings.DEMO_PASSWORD:
        yield Error("DEMO_PASSWORD is set: everybody knows the demo log-ins.", id="checkup.E010")


def _single_server() -> Iterator[CheckMessage]:
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield Warning(
            "DATABASE_URL is missing: SQLite serves one machine only and has no hot backup here.",
            hint="DATABASE_URL=postgres://user:password@host:5432/checkup",
            id="checkup.W001",
        )
    if not settings.REDIS_URL:
        yield Warning(
            "REDIS_URL is missing: the embedded broker and cache serve one machine only.",
            hint="REDIS_URL=redis://host:6379/0",
            id="checkup.W002",
        )
