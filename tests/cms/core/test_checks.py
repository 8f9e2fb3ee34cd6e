"""What a production server refuses, each in words that name what to set."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from cms.core.checks import configuration_faults, refuse_faulty_configuration
from cms.settings.email import anymail_settings, email_backend
from tests.live_site import PROJECT, clean_environment
from tools.stripe_standin.configuration import SECRET_KEY, WEBHOOK_SECRET

# The same in every process, because it stands in the names of tests.
KEY = "w3RkT0Zq8Lx2Vb7Nc4Md1Pf6Hs9Ga5Ue-J_yXoCiBrEtKuQvWzAmDlSn_4h"
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "cms.settings.production",
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "www.checkup.test",
    "PUBLIC_BASE_URL": "https://www.checkup.test",
    "DATABASE_URL": "postgres://checkup:secret@127.0.0.1:1/checkup",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp+tls://user:secret@127.0.0.1:587",
    "DEFAULT_FROM_EMAIL": "Checkup <hello@checkup.test>",
    "STRIPE_SECRET_KEY": "sk_live_0123456789",
    "STRIPE_WEBHOOK_SECRET": "whsec_0123456789",
}

# No query is made: only the names in the setting are read.
pytestmark = pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")


@pytest.fixture
def production(settings: Settings) -> Settings:
    """Return settings as a good production environment makes them."""
    settings.ENVIRONMENT = "production"
    settings.SECRET_KEY = KEY
    settings.ALLOWED_HOSTS = ["www.checkup.test"]
    settings.PUBLIC_BASE_URL = "https://www.checkup.test"
    settings.DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "mail.checkup.test"
    settings.DEFAULT_FROM_EMAIL = "Checkup <hello@checkup.test>"
    settings.STRIPE_SECRET_KEY = "sk_live_0123456789"
    settings.STRIPE_WEBHOOK_SECRET = "whsec_0123456789"
    settings.STRIPE_API_BASE = ""
    settings.DEMO_PASSWORD = ""
    return settings


@pytest.fixture
def postmark(production: Settings) -> Settings:
    """Return the same with an e-mail service in place of the mail server."""
    production.EMAIL_SERVICE, production.EMAIL_URL = "postmark", ""
    production.MAIL_TRANSPORT = email_backend("postmark")
    production.ANYMAIL = anymail_settings("postmark", key="token", webhook_secret=f"hook:{'x' * 16}")
    return production


def test_a_good_e_mail_service_has_no_fault(postmark: Settings) -> None:
    assert configuration_faults() == []


@pytest.mark.parametrize(
    ("service", "values", "identifiers"),
    [
        ("pigeon", {"key": "token"}, ["checkup.E011"]),
        ("postmark", {"key": "", "webhook_secret": f"hook:{'x' * 16}"}, ["checkup.E013"]),
        ("postmark", {"key": "token"}, ["checkup.E015"]),
        ("postmark", {"key": "token", "webhook_secret": "hook:short"}, ["checkup.E015"]),
        ("mailgun", {"key": "token"}, ["checkup.E014"]),
        ("mailgun", {"key": "token", "signing_key": "signed"}, []),
    ],
)
def test_a_half_configured_e_mail_service_is_refused(
    postmark: Settings, service: str, values: dict[str, str], identifiers: list[str]
) -> None:
    postmark.EMAIL_SERVICE = service
    postmark.ANYMAIL = anymail_settings(service, **{"webhook_secret": "", **values})

    assert [fault.id for fault in configuration_faults()] == identifiers


def test_a_mail_server_beside_an_e_mail_service_is_refused(postmark: Settings) -> None:
    postmark.EMAIL_URL = "smtp+tls://user:secret@127.0.0.1:587"

    assert [fault.id for fault in configuration_faults()] == ["checkup.E012"]


def test_a_good_production_configuration_has_no_fault(production: Settings) -> None:
    assert configuration_faults() == []
    refuse_faulty_configuration()


@pytest.mark.parametrize(
    ("name", "value", "identifier"),
    [
        ("STRIPE_SECRET_KEY", "pk_live_0123456789", "checkup.E002"),
        ("STRIPE_WEBHOOK_SECRET", "", "checkup.E003"),
        ("SECRET_KEY", "missing", "checkup.E004"),
        ("SECRET_KEY", KEY[:49], "checkup.E004"),
        ("SECRET_KEY", "a" * 60, "checkup.E004"),
        ("SECRET_KEY", "development-only-key-never-used-in-production-and-longer", "checkup.E004"),
        ("ALLOWED_HOSTS", [], "checkup.E005"),
        ("ALLOWED_HOSTS", ["www.checkup.test", "*"], "checkup.E005"),
        ("PUBLIC_BASE_URL", "http://www.checkup.test", "checkup.E006"),
        ("STRIPE_API_BASE", "http://127.0.0.1:8021", "checkup.E007"),
        ("MAIL_TRANSPORT", "django.core.mail.backends.filebased.EmailBackend", "checkup.E008"),
        ("DEFAULT_FROM_EMAIL", "Checkup <hello@checkup.example>", "checkup.E009"),
        ("DEFAULT_FROM_EMAIL", "webmaster@localhost", "checkup.E009"),
        ("DEFAULT_FROM_EMAIL", "Checkup <hello@example.com>", "checkup.E009"),
        ("DEMO_PASSWORD", "known-to-everybody", "checkup.E010"),
        ("STRIPE_SECRET_KEY", "sk_test_0123456789", "checkup.E016"),
        ("STRIPE_SECRET_KEY", "rk_test_0123456789", "checkup.E016"),
        ("STRIPE_SECRET_KEY", SECRET_KEY, "checkup.E016"),
        ("STRIPE_WEBHOOK_SECRET", WEBHOOK_SECRET, "checkup.E017"),
        ("STRIPE_WEBHOOK_SECRET", f"whsec_0123456789, {WEBHOOK_SECRET}", "checkup.E017"),
        ("STRIPE_WEBHOOK_SECRET", "whsec_…", "checkup.E018"),
        ("STRIPE_WEBHOOK_SECRET", "sk_live_0123456789", "checkup.E018"),
        ("MAIL_TRANSPORT", "django.core.mail.backends.console.EmailBackend", "checkup.E008"),
        ("EMAIL_HOST", "mailpit", "checkup.E008"),
        ("PUBLIC_BASE_URL", "https://www.checkup.example", "checkup.E020"),
        ("PUBLIC_BASE_URL", "https://localhost:8000", "checkup.E020"),
        ("PUBLIC_BASE_URL", "https://checkup.test", "checkup.E020"),  # not among ALLOWED_HOSTS
        ("DATABASES", {"default": {"ENGINE": "…postgresql", "PASSWORD": "password"}}, "checkup.E021"),
        ("DEBUG", True, "checkup.E022"),
    ],
)
def test_production_refuses(production: Settings, name: str, value: object, identifier: str) -> None:
    setattr(production, name, value)
    assert [fault.id for fault in configuration_faults()] == [identifier]
    with pytest.raises(ImproperlyConfigured, match=r"This configuration is refused"):
        refuse_faulty_configuration()


@pytest.mark.parametrize("hosts", [["localhost", "127.0.0.1"], ["www.checkup.example"]])
def test_hosts_that_no_reader_can_reach_are_refused(production: Settings, hosts: list[str]) -> None:
    production.ALLOWED_HOSTS = hosts
    assert "checkup.E019" in [fault.id for fault in configuration_faults()]


@pytest.mark.parametrize("hosts", [[".checkup.test"], ["www.checkup.test", "127.0.0.1", "localhost"]])
def test_a_health_check_on_this_machine_may_stand_beside_the_site(
    production: Settings, hosts: list[str]
) -> None:
    production.ALLOWED_HOSTS = hosts
    assert configuration_faults() == []


def test_the_example_file_as_it_stands_is_refused_line_by_line(tmp_path: Path) -> None:
    """Whoever takes the comment signs away and starts gets every value of it named."""
    lines = (PROJECT / ".env.example").read_text().splitlines()
    values = dict(line[2:].split("=", 1) for line in lines if re.match(r"# [A-Z_]+=\S", line))
    given = {
        name: value.strip("'") for name, value in values.items() if name not in ("VAR_DIR", "STATIC_ROOT")
    }
    done = run(tmp_path, "manage.py", "check", **given | {"ENVIRONMENT_FILE": "", "EMAIL_SERVICE": ""})
    assert done.returncode == 1
    for name in (
        "ALLOWED_HOSTS",
        "PUBLIC_BASE_URL",
        "DATABASE_URL",
        "STRIPE_SECRET_KEY",
        "STRIPE_WEBHOOK_SECRET",
    ):
        assert name in done.stderr


def test_a_single_machine_is_warned_and_not_refused(production: Settings) -> None:
    production.DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}
    production.REDIS_URL = ""
    assert [fault.id for fault in configuration_faults()] == ["checkup.W001", "checkup.W002"]
    refuse_faulty_configuration()


@pytest.mark.parametrize("key", ["sk_live_0123456789", "rk_live_0123456789"])
def test_a_live_key_is_refused_outside_production(settings: Settings, key: str) -> None:
    settings.STRIPE_SECRET_KEY = key
    assert [fault.id for fault in configuration_faults()] == ["checkup.E001"]


def test_the_embedded_default_has_no_fault() -> None:
    assert configuration_faults() == []


def run(var_dir: Path, *command: str, **values: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT,
        env={**clean_environment(var_dir), **values},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_deployment_check_is_clean_with_a_good_environment(tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stderr


def test_the_check_says_all_that_an_empty_production_environment_misses(tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py", "check", DJANGO_SETTINGS_MODULE="cms.settings.production")
    assert done.returncode == 1
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "PUBLIC_BASE_URL", "EMAIL_URL", "STRIPE_SECRET_KEY"):
        assert name in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("-c", "import cms.wsgi"),
        ("-m", "celery", "-A", "cms", "worker"),
        ("-m", "celery", "-A", "cms", "beat"),
    ],
    ids=["web", "worker", "beat"],
)
def test_no_process_starts_with_a_live_key_outside_production(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    done = run(tmp_path, *command, STRIPE_SECRET_KEY="sk_live_0123456789", STRIPE_WEBHOOK_SECRET="whsec_1")
    assert done.returncode != 0
    assert "STRIPE_SECRET_KEY is a live key outside production" in done.stderr + done.stdout
