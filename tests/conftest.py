"""Fixtures for every test; tests/README.md says which to use for what."""

import contextlib
import os
import subprocess
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import django_db_setup as make_test_database
from pytest_django.plugin import blocking_manager_key
from xdist.remote import Producer

from tests import migrated_database, services
from tests.live_site import LiveSite, WorkerProcess, database_url, prepared_site
from tests.scheduling import SharedSiteScheduling

TESTS = Path(__file__).parent
# pytest-django's own, under a name that ours can ask for after it has laid the copy in place.
_made_test_database = make_test_database
TEMPLATE = pytest.StashKey[Path | None]()
EITHER_DATABASE = TESTS / "shop"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        # Money and mail are proved on the server's database too, whoever wrote the test.
        if item.path.is_relative_to(EITHER_DATABASE) and "standin" not in item.path.parts:
            item.add_marker("either_database")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> SharedSiteScheduling:
    """Keeps together what shares a site or a file's fixtures."""
    return SharedSiteScheduling(config, log)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
        services.require_program("initdb", package="postgresql")
        pytest.skip("needs PostgreSQL under the whole run: make test")


@pytest.fixture(scope="session")
def migrated_template(request: pytest.FixtureRequest, django_db_createdb: bool) -> Path | None:
    """Where an already migrated SQLite database is or will be kept; none for another server's database."""
    if connection.vendor != "sqlite":
        return None
    template = request.config.cache.mkdir("database") / f"{migrated_database.fingerprint()}.sqlite3"
    if django_db_createdb:
        template.unlink(missing_ok=True)
    return template


@pytest.fixture(scope="session")
def django_db_keepdb(migrated_template: Path | None) -> bool:
    """Django migrates a kept database too, which costs nothing when all is there."""
    return migrated_template is not None and migrated_template.exists()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_modify_db_settings: None,
    migrated_template: Path | None,
    django_db_keepdb: bool,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
) -> None:
    """pytest-django's database, copied from the last run where nothing has changed since."""
    test_database = Path(connection.settings_dict["TEST"]["NAME"] or "")
    if migrated_template and django_db_keepdb:
        migrated_database.copy(migrated_template, test_database)
    request.getfixturevalue("_made_test_database")
    with django_db_blocker.unblock():
        migrated_database.remember(migrated_template)
    request.config.stash[TEMPLATE] = migrated_template


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, object, object]:
    """A transactional test leaves an empty database, without even the root page: the next may need it."""
    result = yield
    if nextitem is not None and _is_transactional(item):
        with item.config.stash[blocking_manager_key].unblock():
            migrated_database.restore(item.config.stash[TEMPLATE])
    return result


def _is_transactional(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    is_marked = marker is not None and marker.kwargs.get("transaction", False)
    return is_marked or "transactional_db" in getattr(item, "fixturenames", ())


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
def demo_content(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The whole demo content in the test's database, for every test of a module, gone after it."""
    with django_db_blocker.unblock(), contextlib.ExitStack() as stack:
        stack.enter_context(transaction.atomic())
        stack.callback(transaction.set_rollback, True)
        call_command("load_demo", verbosity=0)
        yield


@pytest.fixture
def worker(transactional_db: None) -> Iterator[WorkerProcess]:
    """A real Celery worker process on this test's own database and broker, not started yet."""
    process = WorkerProcess(connection.settings_dict)
    yield process
    process.stop()


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
