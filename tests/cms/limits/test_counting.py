"""Limits count across processes, keep no name, and never stand in the way of selling."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import time_machine
from django.db import connection, connections
from limits import parse
from limits.strategies import FixedWindowRateLimiter

from cms.limits import storage as storage_module
from cms.limits.counting import LimitReached, count, hit
from cms.limits.models import Counter
from cms.limits.storage import DatabaseStorage, hashed
from cms.limits.tasks import remove_expired_counters
from tests.live_site import PROJECT, clean_environment, database_url

pytestmark = pytest.mark.either_database
THREADS, TRIES = 4, 10


@pytest.fixture
def few(settings):
    settings.LIMITS = {"narrow": "2/minute", "wide": "5/hour", "both": "2/minute;3/hour"}


def is_let_through(*attempts: tuple[str, str]) -> bool:
    try:
        count(*attempts)
    except LimitReached:
        return False
    return True


def test_the_third_try_of_two_is_refused_with_a_time_to_come_back(db, few):
    assert [is_let_through(("narrow", "somebody")) for _ in range(2)] == [True, True]

    with pytest.raises(LimitReached) as refusal:
        count(("narrow", "somebody"))

    assert refusal.value.name == "narrow"
    assert 1 <= refusal.value.retry_after <= 60
    assert is_let_through(("narrow", "somebody else"))


def test_a_count_begins_again_when_its_time_is_over(db, few):
    with time_machine.travel(time.time(), tick=False) as clock:
        assert [is_let_through(("narrow", "somebody")) for _ in range(3)] == [True, True, False]
        clock.shift(59)
        assert not is_let_through(("narrow", "somebody"))
        clock.shift(1)
        assert is_let_through(("narrow", "somebody"))


def test_a_name_may_have_a_limit_for_a_short_and_one_for_a_long_time(db, few):
    with time_machine.travel(time.time(), tick=False) as clock:
        assert [is_let_through(("both", "somebody")) for _ in range(3)] == [True, True, False]
        clock.shift(60)
        assert [is_let_through(("both", "somebody")) for _ in range(2)] == [True, False]
        clock.shift(60)
        assert not is_let_through(("both", "somebody"))


def test_whoever_is_stopped_at_their_own_limit_uses_up_nothing_that_others_share(db, few):
    for _ in range(20):
        is_let_through(("narrow", "a machine"), ("wide", "the clinic"))

    assert [is_let_through(("narrow", name), ("wide", "the clinic")) for name in "abc"] == [True] * 3
    assert not is_let_through(("narrow", "d"), ("wide", "the clinic"))


def test_what_is_refused_to_nobody_is_counted_without_a_warning(db, few, caplog):
    assert [hit("narrow", "somebody") for _ in range(4)] == [True, True, False, False]
    assert hit("narrow", "somebody else")
    assert not caplog.records


def test_nobody_is_not_counted(db, few):
    assert all(is_let_through(("narrow", "")) for _ in range(5))
    assert not Counter.objects.exists()


def test_no_address_and_no_e_mail_is_kept(db, few, caplog):
    for _ in range(3):
        is_let_through(("narrow", "jo@example.org"), ("wide", "203.0.113.9"))

    rows = " ".join(f"{counter.key} {counter.count}" for counter in Counter.objects.all())
    assert len(rows) > 128
    for name in ("jo@example.org", "203.0.113.9"):
        assert name not in rows + caplog.text
        assert hashed(name) != name


def test_expired_counts_are_removed_and_others_stay(db, few):
    with time_machine.travel(time.time(), tick=False) as clock:
        count(("narrow", "somebody"), ("wide", "somebody"))
        clock.shift(61)
        assert remove_expired_counters() == 1
        assert Counter.objects.count() == 1


def test_selling_goes_on_when_the_counts_cannot_be_written(db, few, caplog, monkeypatch):
    monkeypatch.setattr(storage_module, "COUNT_ONE_MORE", "INSERT INTO a_table_that_is_gone VALUES (1)")

    assert all(is_let_through(("narrow", "somebody")) for _ in range(5))

    assert "could not be counted" in caplog.text
    assert Counter.objects.count() == 0  # and the surrounding transaction still works


class ReadsThenWrites(DatabaseStorage):
    """The control: a count in two steps, with everybody meeting in between."""

    meeting = Barrier(THREADS)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        before = self.get(key)
        self.meeting.wait(timeout=10)
        Counter.objects.update_or_create(
            key=hashed(key), defaults={"count": before + amount, "expires_at": int(time.time()) + expiry}
        )
        self.meeting.wait(timeout=10)
        return before + amount


def attempts_that_count(storage: DatabaseStorage, attempts: int) -> int:
    """Return the count after so many attempts in each of several threads, each on its own connection."""
    limiter, limit, start = FixedWindowRateLimiter(storage), parse("1000/hour"), Barrier(THREADS)

    def run(_number: int) -> None:
        try:
            start.wait(timeout=10)
            for _ in range(attempts):
                limiter.hit(limit, "everybody")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(run, range(THREADS)))
    return storage.get(limit.key_for("everybody"))


def test_no_try_is_lost_when_many_count_at_once(transactional_db):
    assert attempts_that_count(DatabaseStorage(), TRIES) == THREADS * TRIES


@pytest.mark.postgres
def test_control_a_count_in_two_steps_loses_tries(transactional_db):
    assert attempts_that_count(ReadsThenWrites(), 1) < THREADS


OTHER_PROCESS = """
import django
django.setup()
from django.conf import settings
settings.LIMITS, settings.SECRET_KEY = {"narrow": "2/minute"}, %r
from cms.limits.counting import count
count(("narrow", "somebody"))
"""


def test_a_second_process_counts_on(transactional_db, few, settings):
    assert is_let_through(("narrow", "somebody"))

    subprocess.run(
        [sys.executable, "-c", OTHER_PROCESS % settings.SECRET_KEY],
        env=clean_environment(settings.VAR_DIR, DATABASE_URL=database_url(connection.settings_dict)),
        cwd=PROJECT,
        check=True,
        timeout=60,
    )

    assert not is_let_through(("narrow", "somebody"))
