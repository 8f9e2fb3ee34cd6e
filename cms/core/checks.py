"""Refuses a configuration that would harm patients, buyers or the shop; in words that say what to set.

A room that knows what would be wrong registers its own check with the tag CONFIGURATION.
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

# Django's tag of the checks without which no process starts.
CONFIGURATION = "configuration"
MIN_SECRET_KEY_LENGTH = 50
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
# Names that stand in documentation (RFC 2606), in .env.example too, or that no reader can reach.
NOBODY_HOST = re.compile(
    r"(^|\.)(localhost|local|invalid|example|example\.(com|net|org))$|^127\.|^\[?::1\]?$|^0\.0\.0\.0$"
)


def refuse_faulty_configuration() -> None:
    """Raise ImproperlyConfigured with every fault's words; a process asks before it takes work."""
    faults = [message for message in configuration_faults() if message.level >= Error("").level]
    if faults:
        lines = (f"{fault.msg} {fault.hint or ''}".strip() for fault in faults)
        raise ImproperlyConfigured("This configuration is refused:\n- " + "\n- ".join(lines))


def configuration_faults() -> list[CheckMessage]:
    """Return all that the rooms find wrong with this process's settings, ordered by their numbers."""
    return sorted(run_checks(tags=[CONFIGURATION]), key=lambda fault: fault.id or "")


@register(Tags.security, CONFIGURATION)
def check_configuration(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Return what is wrong for the site as a whole. Part of every `manage.py check` and `runserver`."""
    if settings.ENVIRONMENT != "production":
        return []
    rules = (_key_faults, _address_faults, _example_faults, _demo_faults, _single_server)
    return [fault for rule in rules for fault in rule()]


def _key_faults() -> Iterator[CheckMessage]:
    key = settings.SECRET_KEY
    is_example = any(mark in key.lower() for mark in EXAMPLE_KEY_MARKS)
    if is_example or len(key) < MIN_SECRET_KEY_LENGTH or len(set(key)) < 5:
        yield Error(
            f"SECRET_KEY is missing, an example, or shorter than {MIN_SECRET_KEY_LENGTH} characters.",
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


def _example_faults() -> Iterator[CheckMessage]:
    """Yield values that were copied from .env.example as they stand there."""
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
