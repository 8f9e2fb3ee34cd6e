"""Everything the stand-in knows, in one SQLite file, so that it survives a restart."""

import json
import random
import re
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

Document = dict[str, Any]
# A path in the document, an SQL comparison (=, >, >=, <, <=, REGEXP) and what to compare with.
Condition = tuple[str, str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    private TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, position);
CREATE INDEX IF NOT EXISTS objects_by_intent ON objects (kind, json_extract(body, '$.payment_intent'));
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL,
    type TEXT NOT NULL,
    state TEXT NOT NULL,
    due REAL NOT NULL,
    turn INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    copies INTEGER NOT NULL DEFAULT 1,
    tamper TEXT,
    answer TEXT
);
CREATE INDEX IF NOT EXISTS deliveries_by_state ON deliveries (state, due);
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    pattern TEXT NOT NULL,
    remaining INTEGER,
    probability REAL,
    seconds REAL,
    copies INTEGER
);
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    request_id TEXT NOT NULL,
    created INTEGER NOT NULL
);
"""


def matches(pattern: str, value: str | None) -> bool:
    """Match the whole value: SQLite has the operator REGEXP and leaves its meaning to us."""
    return re.fullmatch(pattern, value or "") is not None


class Store:
    """
    One connection behind one lock: requests and the delivery thread take turns.

    `changed` is notified after each commit; `transaction_began` is when the latest transaction began.
    `keys_in_use` are the idempotency keys of requests that are being worked on; a restart forgets them, as it
    ends their requests.
    """

    def __init__(self, path: str = ":memory:", seed: int | None = None) -> None:
        self.changed = threading.Condition(threading.RLock())
        self.chance = random.Random(seed)  # noqa: S311  # dice for faults, no secret
        self.keys_in_use: set[str] = set()
        self.transaction_began = time.time()
        self._depth = 0
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
        self._connection.row_factory = sqlite3.Row
        self._connection.create_function("REGEXP", 2, matches, deterministic=True)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(SCHEMA)

    def close(self) -> None:
        """Release the file; nothing can be read afterwards."""
        with self.changed:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all of it or nothing; inside another transaction, in a savepoint."""
        with self.changed:
            name = f"level_{self._depth}"
            if not self._depth:
                self.transaction_began = time.time()
            self._connection.execute(f"SAVEPOINT {name}" if self._depth else "BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                self._connection.execute(f"ROLLBACK TO {name}" if self._depth else "ROLLBACK")
                raise
            self._depth -= 1
            self._connection.execute(f"RELEASE {name}" if self._depth else "COMMIT")
            if not self._depth:
                self.changed.notify_all()

    def execute(self, statement: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """Return the rows that a statement gives."""
        with self.changed:
            return self._connection.execute(statement, values).fetchall()

    def add(self, body: Document, private: Document | None = None) -> Document:
        """Keep a new object; `private` is what Stripe knows about it and does not show."""
        with self.transaction():
            self.execute(
                "INSERT INTO objects (id, kind, body, private) VALUES (?, ?, ?, ?)",
                (body["id"], body["object"], json.dumps(body), json.dumps(private or {})),
            )
        return body

    def change(self, body: Document) -> Document:
        """Keep an object's new state."""
        with self.transaction():
            self.execute("UPDATE objects SET body = ? WHERE id = ?", (json.dumps(body), body["id"]))
        return body

    def find(self, kind: str, identifier: str) -> Document | None:
        """Return the object of that kind with that id, or None."""
        rows = self.execute("SELECT body FROM objects WHERE id = ? AND kind = ?", (identifier, kind))
        return json.loads(rows[0]["body"]) if rows else None

    def private(self, identifier: str) -> Document:
        """Return what an object does not show."""
        rows = self.execute("SELECT private FROM objects WHERE id = ?", (identifier,))
        return json.loads(rows[0]["private"]) if rows else {}

    def position(self, kind: str, identifier: str) -> int | None:
        """Return where an object stands in the order of creation, or None if there is no such object."""
        rows = self.execute("SELECT position FROM objects WHERE id = ? AND kind = ?", (identifier, kind))
        return rows[0]["position"] if rows else None

    def select(
        self,
        kind: str,
        conditions: Sequence[Condition] = (),
        *,
        before: int | None = None,
        after: int | None = None,
        limit: int = -1,
        newest_first: bool = True,
    ) -> list[Document]:
        """Return objects of a kind that meet all conditions, in the order of creation or its reverse."""
        clauses: list[str] = ["kind = ?"]
        values: list[Any] = [kind]
        for path, comparison, value in conditions:
            clauses.append(f"json_extract(body, '$.{path}') {comparison} ?")
            values.append(value)
        for comparison, bound in (("<", before), (">", after)):
            if bound is not None:
                clauses.append(f"position {comparison} ?")
                values.append(bound)
        order = "DESC" if newest_first else "ASC"
        where = " AND ".join(clauses)
        statement = f"SELECT body FROM objects WHERE {where} ORDER BY position {order} LIMIT ?"  # noqa: S608 - paths and comparisons come from this package alone; values are bound
        return [json.loads(row["body"]) for row in self.execute(statement, (*values, limit))]

    def forget_everything(self) -> None:
        """Empty the account."""
        with self.transaction():
            self.execute("DELETE FROM objects")
            self.execute("DELETE FROM deliveries")
            self.execute("DELETE FROM faults")
            self.execute("DELETE FROM answers")

    def now(self) -> int:
        """Return the time as Stripe counts it: whole seconds since 1970."""
        return int(time.time())
