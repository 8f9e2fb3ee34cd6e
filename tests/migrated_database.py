"""A test database that was migrated once is copied afterwards: a run of one test then takes seconds."""

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.live_site import PROJECT


def fingerprint() -> str:
    """Changes with every migration of the project and with every package that may bring migrations."""
    digest = hashlib.sha256((PROJECT / "requirements.lock").read_bytes())
    folders = ("articles", "cms", "demo", "home", "shop")
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
