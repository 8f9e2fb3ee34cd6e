"""A test database is migrated once and copied afterwards: a run of one test then takes seconds."""

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

from tests.live_site import PROJECT


def fingerprint() -> str:
    """Changes with every migration of the project and with every package that may bring migrations."""
    digest = hashlib.sha256((PROJECT / "requirements.lock").read_bytes())
    folders = ("articles", "cms", "home", "shop", "tools")
    migrations = (path for name in folders for path in (PROJECT / name).rglob("migrations/*.py"))
    for path in sorted(migrations):
        digest.update(str(path.relative_to(PROJECT)).encode() + path.read_bytes())
    return digest.hexdigest()[:20]


def copy(source: Path, target: Path) -> None:
    """Copies a database with its write-ahead log; whoever reads `target` sees all of it or nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_name(f"{target.name}.{os.getpid()}")
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(scratch)) as new:
        old.backup(new)
    scratch.replace(target)


def remember(template: Path | None) -> None:
    """Keeps what the migrations wrote (the root page, groups, sites), for `restore`."""
    if template:
        if not template.exists():
            copy(Path(connection.settings_dict["NAME"]), template)
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS remembered CASCADE")
        cursor.execute("CREATE SCHEMA remembered")
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'CREATE TABLE remembered."{table}" AS TABLE public."{table}"')


def restore(template: Path | None) -> None:
    """Undoes the flush that ends a transactional test, so that any test may follow it."""
    if template:
        connection.close()
        copy(template, Path(connection.settings_dict["NAME"]))
        return
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        # Rows come back in any order: nothing is checked while this lasts, not even foreign keys.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("TRUNCATE " + ", ".join(f'public."{table}"' for table in tables))
        for table in tables:
            copied = f'INSERT INTO public."{table}" SELECT * FROM remembered."{table}"'  # noqa: S608 - our tables
            cursor.execute(copied)
        cursor.execute("SET session_replication_role = DEFAULT")
