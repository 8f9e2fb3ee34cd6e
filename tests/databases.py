"""Test databases: migrated once, filled with the demo content once, and copied from then on.

What is made lies in `var/tests/`, in a folder whose name changes with all that it was made from: an SQLite
file or a PostgreSQL dump, and the demo's pictures. A PostgreSQL server keeps a database of the same name.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections

from tests.live_site import PROJECT, clean_environment, database_url
from tests.services import find_program

KEPT = PROJECT / "var" / "tests"
ROOMS = ("articles", "cms", "home", "shop", "tools/demo")
OWN_IMPORT = re.compile(rb"^(?:from|import) ((?:articles|cms|home|shop|tools)[.\w]*)", re.MULTILINE)
MIGRATED, DEMO = "migrated", "demo"
# Several checkouts may use one PostgreSQL server.
CHECKOUT = hashlib.sha256(str(PROJECT).encode()).hexdigest()[:8]


def fingerprint(content: str) -> str:
    """Return a name for `MIGRATED` or `DEMO` databases, another one when they would come out otherwise."""
    digest = hashlib.sha256(content.encode())
    for path in [PROJECT / "requirements.lock", *(_all_files() if content == DEMO else _migrations())]:
        digest.update(str(path.relative_to(PROJECT)).encode() + path.read_bytes())
    return f"{content}-{digest.hexdigest()[:16]}"


def _migrations() -> list[Path]:
    """Return the project's migrations, and its modules that they import."""
    migrations = {path for room in ROOMS for path in (PROJECT / room).rglob("migrations/*.py")}
    modules = {name.decode() for path in migrations for name in OWN_IMPORT.findall(path.read_bytes())}
    files = (PROJECT / f"{module.replace('.', '/')}.py" for module in modules)
    return sorted(migrations | {path for path in files if path.exists()})


def _all_files() -> list[Path]:
    """Return the code of the rooms, since all of it may take part in loading the demo, and what is loaded."""
    code = {path for room in ROOMS for path in (PROJECT / room).rglob("*.py")}
    content = {path for path in (PROJECT / "tools" / "demo").rglob("*") if path.is_file()}
    return sorted(code | {path for path in content if "__pycache__" not in path.parts})


@contextlib.contextmanager
def _only_one_process(vendor: str) -> Iterator[None]:
    """Let one process make what all of them on this kind of database need."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / f"{vendor}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _manage(var_dir: Path, url: str, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env=clean_environment(var_dir, DATABASE_URL=url),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")


def _fill(content: str, var_dir: Path, url: str) -> None:
    """Bring a database from nothing to `MIGRATED`, or from there to `DEMO`."""
    if content == DEMO:
        _manage(var_dir, url, "load_demo")
    else:
        _manage(var_dir, url, "migrate", "--no-input", "--verbosity=0")


def _keep(scratch: Path, folder: Path) -> None:
    """Give a finished folder its name, and remove those that no longer fit the code."""
    scratch.rename(folder)
    shutil.rmtree(scratch.parent)
    kind = folder.name.rpartition("-")[0]
    for other in KEPT.glob(f"{kind}-*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database with its write-ahead log; whoever reads `target` sees all of it or nothing."""
    scratch = target.with_name(f"{target.name}.{os.getpid()}")
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(scratch)) as new:
        old.backup(new)
    scratch.replace(target)


def kept_folder(content: str) -> Path:
    """Return the folder with `db.sqlite3` and, for `DEMO`, `media`; make it where it is missing."""
    folder = KEPT / f"sqlite-{fingerprint(content)}"
    if folder.exists():
        return folder
    start = kept_folder(MIGRATED) / "db.sqlite3" if content == DEMO else None
    with _only_one_process("sqlite"):
        if not folder.exists():
            scratch = KEPT / "unfinished-sqlite"
            shutil.rmtree(scratch, ignore_errors=True)
            made = scratch / "made"
            made.mkdir(parents=True)
            if start:
                copy_sqlite(start, made / "db.sqlite3")
            _fill(content, made, f"sqlite:///{made / 'db.sqlite3'}")
            result = scratch / "result"
            result.mkdir()
            copy_sqlite(made / "db.sqlite3", result / "db.sqlite3")
            if (made / "media").exists():
                (made / "media").rename(result / "media")
            _keep(result, folder)
    return folder


class SqliteTestDatabase:
    """The test database as a file, which threads and other processes see too."""

    def __init__(self) -> None:
        self._path = settings.VAR_DIR / "test.sqlite3"
        self._original = settings.VAR_DIR / "original.sqlite3"
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = str(self._path)

    def use(self, content: str) -> Path:
        """Replace the database by a fresh copy of that content; return the folder it comes from."""
        folder = kept_folder(content)
        copy_sqlite(folder / "db.sqlite3", self._original)
        self.restore()
        return folder

    def restore(self) -> None:
        """Undo everything that was written since `use`."""
        connections.close_all()
        copy_sqlite(self._original, self._path)

    def drop(self) -> None:
        """Do nothing: the folder of the run goes with its process."""


@dataclass
class PostgresqlTestDatabase:
    """The test database on the server that DATABASE_URL names; there each content is a template."""

    _given: dict[str, Any] = field(default_factory=lambda: dict(connection.settings_dict))
    _name: str = field(default_factory=lambda: f"test_{os.getpid()}")

    def __post_init__(self) -> None:
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = self._name

    def use(self, content: str) -> Path:
        """Replace the database by a fresh copy of that content; return the folder it comes from."""
        folder = self._template(content)
        self.drop()
        self._administer(f'CREATE DATABASE "{self._name}" TEMPLATE "{_database_of(folder)}"')
        return folder

    def restore(self) -> None:
        """Undo everything that was written since `use`, in place: a new copy takes ten times as long."""
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'remembered'")
            remembered = [table for (table,) in cursor.fetchall()]
            statements = [
                # Rows come back in any order: nothing is checked while this lasts, not even foreign keys.
                "SET session_replication_role = replica",
                *(f'DELETE FROM public."{table}"' for table in tables),  # noqa: S608 - our tables
                *(f'INSERT INTO public."{table}" SELECT * FROM remembered."{table}"' for table in remembered),  # noqa: S608 - our tables
                "SET session_replication_role = DEFAULT",
            ]
            cursor.execute("; ".join(statements))

    def drop(self) -> None:
        """Take the database away, whoever is still connected."""
        connections.close_all()
        self._administer(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')

    def _template(self, content: str) -> Path:
        folder = KEPT / f"postgresql-{self._server_version}-{fingerprint(content)}"
        database = _database_of(folder)
        if folder.exists() and self._exists(database):
            return folder
        start = _database_of(self._template(MIGRATED)) if content == DEMO else "template0"
        with _only_one_process("postgresql"):
            if not (folder.exists() and self._exists(database)):
                scratch = f"unfinished_{os.getpid()}"
                for name in (database, scratch):
                    self._administer(f'DROP DATABASE IF EXISTS "{name}"')
                if folder.exists():
                    self._administer(f'CREATE DATABASE "{scratch}" TEMPLATE template0')
                    self._run(
                        "psql",
                        "--quiet",
                        "--set=ON_ERROR_STOP=1",
                        "--file",
                        str(folder / "dump.sql"),
                        self._url(scratch),
                    )
                else:
                    self._administer(f'CREATE DATABASE "{scratch}" TEMPLATE "{start}"')
                    self._make(content, scratch, folder)
                self._administer(f'ALTER DATABASE "{scratch}" RENAME TO "{database}"')
        return folder

    def _make(self, content: str, database: str, folder: Path) -> None:
        scratch = KEPT / "unfinished-postgresql"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        _fill(content, scratch, self._url(database))
        with psycopg.connect(self._url(database), autocommit=True) as server:
            server.execute("DROP SCHEMA IF EXISTS remembered CASCADE")
            server.execute("CREATE SCHEMA remembered")
            tables = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            for (table,) in tables:
                if server.execute(f'SELECT EXISTS (SELECT FROM public."{table}")').fetchone() == (True,):  # noqa: S608 - our tables
                    server.execute(f'CREATE TABLE remembered."{table}" AS TABLE public."{table}"')
        result = scratch / "result"
        result.mkdir()
        self._run("pg_dump", "--no-owner", "--file", str(result / "dump.sql"), self._url(database))
        if (scratch / "media").exists():
            (scratch / "media").rename(result / "media")
        _keep(result, folder)

    @cached_property
    def _server_version(self) -> int:
        with psycopg.connect(self._url("postgres")) as server:
            return server.info.server_version // 10_000

    def _exists(self, name: str) -> bool:
        with psycopg.connect(self._url("postgres")) as server:
            found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        return found is not None

    def _administer(self, statement: str) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as server:
            server.execute(statement)

    def _url(self, name: str) -> str:
        return database_url({**self._given, "NAME": name})

    def _run(self, program: str, *arguments: str) -> None:
        command = [find_program(program, package="postgresql-client"), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{done.stderr}")


def _database_of(folder: Path) -> str:
    return f"{folder.name}-{CHECKOUT}"


def open_test_database() -> SqliteTestDatabase | PostgresqlTestDatabase:
    """Return the one that this process's settings ask for."""
    return SqliteTestDatabase() if connection.vendor == "sqlite" else PostgresqlTestDatabase()
