"""What a load balancer is told, and what it is not."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django import Settings

from cms.core import health


@pytest.fixture(autouse=True)
def _forget_the_migrations() -> None:
    health._check_migrations.cache_clear()


def test_the_process_lives_without_a_database(client: Client) -> None:
    # No database mark: pytest-django fails this test at its first query.
    answer = client.get("/healthz", headers={"host": "10.0.0.1:8000"})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
@pytest.mark.either_database
def test_all_is_ready(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert set(answer.json()["checks"]) == {"database", "cache", "broker", "migrations"}


@pytest.mark.django_db
def test_a_probe_needs_no_known_host_and_no_certificate(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["www.checkup.test"]
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/readyz", headers={"host": "10.0.0.1:8000"}).status_code == 200


@pytest.mark.django_db
def test_a_missing_migration_is_named(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'orders'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"] == "failed"
    assert answer.json()["checks"]["database"] == "ok"


@pytest.mark.django_db
def test_a_dead_redis_is_named_without_its_address(client: Client, settings: Settings) -> None:
    address = "redis://user:hidden@127.0.0.1:1/0"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": address}
    }
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["cache"] == "failed"
    assert "127.0.0.1" not in answer.text
    assert "hidden" not in answer.text


@pytest.mark.django_db
def test_a_broker_folder_that_is_gone_is_named(client: Client, settings: Settings) -> None:
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_out": "/no/such/folder"}
    assert client.get("/readyz").json()["checks"]["broker"] == "failed"


def test_a_living_redis_holds_the_cache(redis_url: str, settings: Settings) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url}
    }
    health._check_cache()
    cache.clear()
