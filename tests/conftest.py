"""Fixtures for every test; tests/README.md says which to use for what."""

import gc
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker
from wagtail.images.models import Filter
from xdist.remote import Producer

from cms.images.models import CustomImage, CustomRendition
from cms.images.pictures import FILTER_SPECS, SHARE_SPEC
from tests import databases, services
from tests.live_site import LiveSite, WorkerProcess, database_url, prepared_site
from tests.scheduling import LongestFirstScheduling
from tests.selection import is_proved_on_either

TESTS = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if is_proved_on_either(item.path):
            item.add_marker("either_database")


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end: the garbage collector need not look through it each time."""
    gc.collect()
    gc.freeze()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LongestFirstScheduling:
    """Return the one that keeps together what shares a site or a file's fixtures, the longest first."""
    return LongestFirstScheduling(config, log)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
        services.require_program("initdb", package="postgresql")
        pytest.skip("needs PostgreSQL under the whole run: make test")


@pytest.fixture(scope="session")
def test_database(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[databases.SqliteTestDatabase | databases.PostgresqlTestDatabase]:
    """This process's own database, migrated."""
    with django_db_blocker.unblock():
        database = databases.open_test_database()
        database.use(databases.MIGRATED)
    yield database
    with django_db_blocker.unblock():
        database.drop()


@pytest.fixture(scope="session")
def django_db_setup(test_database: databases.SqliteTestDatabase | databases.PostgresqlTestDatabase) -> None:
    """Takes the place of pytest-django's, which migrates in every process."""

    def restore(_test_case: TransactionTestCase) -> None:
        test_database.restore()

    # Django's own leaves an empty database, without even the root page, and makes all permissions anew.
    TransactionTestCase._fixture_teardown = restore


@pytest.fixture(autouse=True)
def _forget_cached_pages() -> Iterator[None]:
    """The cache is no part of the database, so no roll-back clears it."""
    yield
    cache.clear()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The REDIS_URL of a real server, the same for the whole run."""
    services.require_program("redis-server", "valkey-server", package="redis-server")
    with services.redis_server() as url:
        yield url


@pytest.fixture
def mail_server() -> Iterator[services.MailServer]:
    """A real SMTP server; see MailServer for how it refuses, stops and starts again."""
    server = services.MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def demo_content(
    django_db_setup: None,
    test_database: databases.SqliteTestDatabase | databases.PostgresqlTestDatabase,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """The whole demo content in the test's database, for every test of a module, gone after it."""
    with django_db_blocker.unblock():
        folder = test_database.use(databases.DEMO)
        shutil.copytree(folder / "media", settings.MEDIA_ROOT, dirs_exist_ok=True)
    yield
    with django_db_blocker.unblock():
        test_database.use(databases.MIGRATED)
    shutil.rmtree(settings.MEDIA_ROOT)


@pytest.fixture(scope="module")
def demo_renditions(demo_content: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The rows of all sizes of the demo's pictures as the worker leaves them, but no files."""
    with django_db_blocker.unblock():
        CustomRendition.objects.bulk_create(
            CustomRendition(
                image=image,
                filter_spec=spec,
                focal_point_key=Filter(spec).get_cache_key(image),
                file=f"images/{image.pk}-{number}",
                width=1200,
                height=630,
            )
            for image in CustomImage.objects.all()
            for number, spec in enumerate([*FILTER_SPECS, SHARE_SPEC])
        )


@pytest.fixture
def worker(transactional_db: None) -> Iterator[WorkerProcess]:
    """A real Celery worker process on this test's own database and broker, not started yet."""
    process = WorkerProcess(connection.settings_dict)
    yield process
    # An orderly end takes seconds; a test that is about one asks for it.
    process.kill()


@pytest.fixture
def empty_shop_dump(tmp_path: Path, db: None) -> Path:
    """The test's own PostgreSQL database, migrated and without content, for a server of somebody's own."""
    services.require_program("psql", package="postgresql-client")
    pg_dump = services.require_program("pg_dump", package="postgresql-client")
    file = tmp_path / "empty-shop.sql"
    # A schema's dump leaves out the extensions that its indexes need.
    which = ["--schema=public", "--extension=*"]
    command = [pg_dump, "--no-owner", *which, "--clean", "--if-exists", "--file", str(file)]
    subprocess.run([*command, database_url(connection.settings_dict)], check=True)
    return file


@pytest.fixture(scope="session")
def live_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """The real site with demo content, as `make run` starts it: server, worker, beat and stand-in."""
    with prepared_site(tmp_path_factory.mktemp("site")) as site:
        yield site
    # Otherwise a dead process would look like many faults of the pages.
    assert not site.has_died, "The site ended by itself:\n" + "\n".join(site.log)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The installed Chromium; Playwright's own download is not used."""
    if path := os.environ.get("CHROMIUM"):
        return path
    return services.require_program("chromium", "chromium-browser", "google-chrome", package="chromium")
