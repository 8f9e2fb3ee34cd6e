"""Where the `limits` package keeps its counts: one table, so that all processes count together.

A count is one statement, which the database carries out whole: two processes at once never lose an attempt.
"""

import math
import time

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from limits.storage import Storage

from cms.limits.models import Counter

# A count that has expired begins again at this attempt. RETURNING needs SQLite 3.35, of March 2021.
COUNT_ONE_MORE = """
INSERT INTO {table} AS counter (key, count, expires_at) VALUES (%s, %s, %s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN counter.expires_at <= %s THEN excluded.count ELSE counter.count + excluded.count END,
    expires_at = CASE WHEN counter.expires_at <= %s THEN excluded.expires_at ELSE counter.expires_at END
RETURNING count
"""


class DatabaseStorage(Storage):
    """Counts for the strategy with fixed windows; a window begins with its first attempt."""

    STORAGE_SCHEME = ["checkup-database"]

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        return DatabaseError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count the attempt and return the new count. Raise DatabaseError when it cannot be written."""
        now = int(time.time())
        statement = COUNT_ONE_MORE.format(table=connection.ops.quote_name(Counter._meta.db_table))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [hashed(key), amount, now + expiry, now, now])
            return cursor.fetchone()[0]

    def decr(self, key: str) -> None:
        """Lower the count by one, never below zero: its window may have begun again since it was counted."""
        Counter.objects.filter(key=hashed(key), count__gt=0).update(count=F("count") - 1)

    def get(self, key: str) -> int:
        counter = self._current(key)
        return counter.count if counter else 0

    def get_expiry(self, key: str) -> float:
        """Return when the count expires, in seconds since 1970; now when there is none."""
        counter = self._current(key)
        return float(counter.expires_at) if counter else time.time()

    def check(self) -> bool:
        try:
            Counter.objects.exists()
        except DatabaseError:
            return False
        return True

    def reset(self) -> int | None:
        removed, _by_model = Counter.objects.all().delete()
        return removed

    def clear(self, key: str) -> None:
        Counter.objects.filter(key=hashed(key)).delete()

    def _current(self, key: str) -> Counter | None:
        return Counter.objects.filter(key=hashed(key), expires_at__gt=math.floor(time.time())).first()


def hashed(key: str) -> str:
    """Return the key's keyed hash (by SECRET_KEY), from which the key cannot be read back."""
    return salted_hmac("cms.limits", key, algorithm="sha256").hexdigest()


def remove_expired() -> int:
    """Remove expired counts and return their number."""
    removed, _by_model = Counter.objects.filter(expires_at__lte=math.floor(time.time())).delete()
    return removed
