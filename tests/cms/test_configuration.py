"""What a deployment reads before it reads code: the documented names, and the containers."""

import re
import runpy

import pytest
import yaml

from cms.page_cache.caches import next_database
from tests.live_site import PROJECT

SETTINGS = [*(PROJECT / "cms" / "settings").glob("*.py"), PROJECT / "gunicorn.conf.py"]
NAME = re.compile(r"""(?:env\.\w+\(|environ\.get\()\s*["']([A-Z][A-Z0-9_]+)["']""")


def names_read() -> set[str]:
    return {name for path in SETTINGS for name in NAME.findall(path.read_text())}


def names_documented() -> set[str]:
    text = (PROJECT / ".env.example").read_text()
    return set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE))


def test_every_name_that_the_settings_read_is_documented() -> None:
    assert names_read() - names_documented() == {"GUNICORN_LOG_LEVEL"}  # for whoever looks for a fault


def test_every_documented_name_reaches_the_containers() -> None:
    services = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
    # Where things are inside a container is the image's to say.
    inside = {"HOST", "PORT", "STANDIN_HOST", "STANDIN_PORT", "VAR_DIR", "STATIC_ROOT", "ENVIRONMENT_FILE"}
    for name in ("prepare", "web", "worker", "beat"):
        assert names_documented() - inside - set(services[name]["environment"]) == set(), name


def test_the_containers_are_whole_and_hold_no_secret() -> None:
    text = (PROJECT / "docker-compose.yml").read_text()
    services = yaml.safe_load(text)["services"]
    assert {"web", "worker", "beat", "database", "redis", "mailpit", "standin"} <= set(services)
    assert all("healthcheck" in service for service in services.values())
    assert "--requirepass" in services["redis"]["command"]
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD"):
        values = re.findall(rf"^\s+{name}: (.*)$", text, re.MULTILINE)
        assert values
        assert all(value.startswith(f"${{{name}:?") for value in values)
    assert not re.search(r"sk_(?:live|test)_|whsec_", text)


@pytest.mark.parametrize(
    ("broker", "cache"),
    [
        ("redis://:secret@redis:6379/0", "redis://:secret@redis:6379/1"),
        ("redis://redis:6379", "redis://redis:6379/1"),
        ("rediss://redis:6379/14?ssl_cert_reqs=required", "rediss://redis:6379/15?ssl_cert_reqs=required"),
        ("", ""),
    ],
)
def test_the_cache_is_never_the_brokers_database(broker: str, cache: str) -> None:
    assert next_database(broker) == cache


def test_the_settings_give_a_cache_on_redis_plain_data_and_a_database_of_its_own(tmp_path, monkeypatch):
    given = {"ENVIRONMENT_FILE": "", "VAR_DIR": str(tmp_path), "REDIS_CACHE_URL": ""}
    for name, value in (given | {"REDIS_URL": "redis://redis:6379/0"}).items():
        monkeypatch.setenv(name, value)
    settings = runpy.run_path(str(PROJECT / "cms" / "settings" / "base.py"))
    cache = settings["CACHES"]["default"]
    assert settings["CELERY_BROKER_URL"] == "redis://redis:6379/0"
    assert cache["LOCATION"] == "redis://redis:6379/1"
    assert cache["OPTIONS"]["serializer"] == "cms.page_cache.caches.PlainData"


def test_the_image_runs_as_nobody_special() -> None:
    lines = (PROJECT / "Dockerfile").read_text().splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users
    assert users[-1] not in {"root", "0"}


def test_what_the_image_leaves_out_is_kept_out() -> None:
    ignored = (PROJECT / ".dockerignore").read_text().splitlines()
    assert {".env", ".git", "var", ".venv"} <= set(ignored)
