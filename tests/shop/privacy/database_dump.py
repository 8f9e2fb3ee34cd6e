"""Everything the database holds, as text, and where words are found in it however they are written."""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterable, Iterator

from django.db import connection

ENCODED = re.compile(r"[A-Za-z0-9+/_-]{16,}")


def rows() -> Iterator[tuple[str, str]]:
    """Yield each row of each table with its table's name, and only Django's list of migrations is left out.

    The time at which one ran may by chance have the figures of a postcode in it.
    """
    with connection.cursor() as cursor:
        for table in sorted({*connection.introspection.table_names(cursor)} - {"django_migrations"}):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - the tables' own names
            for row in cursor.fetchall():
                yield table, "\n".join(_text(value) for value in row)


def dump() -> list[tuple[str, str]]:
    """All rows in a fixed order, to compare two moments."""
    return sorted(rows())


def tables_with(words: Iterable[str], *, without: tuple[str, ...] = ()) -> dict[str, set[str]]:
    """In which tables each of the words is found: plain, in JSON, or encoded in base64 and compressed.

    Tables whose names begin with one of `without` are passed over.
    """
    found: dict[str, set[str]] = {}
    for table, text in rows():
        if table.startswith(without):
            continue
        written = "\n".join([text, *_decoded(text)]).casefold()
        for word in words:
            if word.casefold() in written or json.dumps(word)[1:-1].casefold() in written:
                found.setdefault(word, set()).add(table)
    return found


def _text(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", errors="replace")
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)


def _decoded(text: str) -> Iterator[str]:
    for run in ENCODED.findall(text):
        for standard in (run, run.replace("-", "+").replace("_", "/")):
            try:
                raw = base64.b64decode(standard + "=" * (-len(standard) % 4))
            except binascii.Error:
                continue
            yield raw.decode("utf-8", errors="replace")
            try:
                yield zlib.decompress(raw).decode("utf-8", errors="replace")
            except zlib.error:
                continue
