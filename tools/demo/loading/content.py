"""Reads the content files."""

import tomllib
from functools import cache
from pathlib import Path

CONTENT_DIR = Path(__file__).resolve().parent.parent / "content"


@cache
def read(name: str) -> dict:
    """Return the content of the file of this name ("site" reads site.toml)."""
    return tomllib.loads((CONTENT_DIR / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def read_folder(name: str) -> list[dict]:
    """Every content file in this folder, by file name."""
    return [
        tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted((CONTENT_DIR / name).glob("*.toml"))
    ]
