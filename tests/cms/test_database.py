"""The embedded database takes many writers at once, which it does not by itself."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.live_site import PROJECT, clean_environment

PROCESSES = 4
ROUNDS = 60
BEGIN = """
import django
django.setup()
from django.db import connection, transaction
cursor = connection.cursor()
"""
SETUP = """
cursor.execute("CREATE TABLE counter (total integer)")
cursor.execute("INSERT INTO counter VALUES (0)")
"""
# Reads, then writes what it has read: the pattern that a deferred transaction loses to "database is locked".
WRITER = """
import os
for _ in range(int(os.environ["ROUNDS"])):
    with transaction.atomic():
        cursor.execute("SELECT total FROM counter")
        total = cursor.fetchone()[0]
        cursor.execute("UPDATE counter SET total = %s", [total + 1])
"""
TOTAL = """
cursor.execute("SELECT total FROM counter")
print(cursor.fetchone()[0])
"""


def start(var_dir: Path, code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", BEGIN + code],
        env=clean_environment(var_dir, ROUNDS=str(ROUNDS)),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_processes_that_write_at_once_lose_nothing_and_never_fail(tmp_path: Path) -> None:
    assert start(tmp_path, SETUP).wait(timeout=60) == 0
    writers = [start(tmp_path, WRITER) for _ in range(PROCESSES)]
    errors = [writer.communicate(timeout=120)[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * PROCESSES, errors
    total, _errors = start(tmp_path, TOTAL).communicate(timeout=60)
    assert int(total) == PROCESSES * ROUNDS


@pytest.mark.django_db(transaction=True)
def test_sqlite_keeps_a_write_ahead_log() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("this run is on PostgreSQL")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (20_000,)
