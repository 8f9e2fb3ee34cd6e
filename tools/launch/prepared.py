"""Whether the embedded database is ready since an earlier start, so that Django need not be asked."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from tools.launch.configuration import ROOT, Configuration

# Where migrations and demo content lie, and all that they read; after any change Django is asked again.
SOURCES = ("articles", "cms", "home", "shop", "tools")
FILES = ("configuration.py", "requirements-production.lock")


def is_prepared(configuration: Configuration, *, with_demo: bool) -> bool:
    """Return whether this very database was prepared with this very code; False for a server's database."""
    stamp = _stamp(configuration)
    try:
        return stamp.read_text() == _fingerprint(configuration, with_demo=with_demo)
    except OSError:
        return False


def remember(configuration: Configuration, *, with_demo: bool) -> None:
    """Keep that the database is prepared, for `is_prepared` at the next start."""
    if _database(configuration).is_file() and not configuration.environment.get("DATABASE_URL"):
        _stamp(configuration).write_text(_fingerprint(configuration, with_demo=with_demo))


def _stamp(configuration: Configuration) -> Path:
    return configuration.var_dir / "prepared"


def _database(configuration: Configuration) -> Path:
    return configuration.var_dir / "db.sqlite3"


def _fingerprint(configuration: Configuration, *, with_demo: bool) -> str:
    """Return what changes with code, settings and database file; raise OSError without that file."""
    digest = hashlib.sha256(f"{with_demo} {_database(configuration).stat().st_ino}".encode())
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        digest.update(f"{name}={configuration.environment.get(name, '')}\0".encode())
    for path in sorted(_files()):
        state = path.stat()
        digest.update(f"{path}\0{state.st_mtime_ns}\0{state.st_size}\0".encode())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    yield from (ROOT / name for name in FILES)
    for folder in SOURCES:
        yield from (
            path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts
        )
