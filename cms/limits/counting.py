"""Rate limits: how often something may be attempted, and by whom. The numbers are in settings.LIMITS.

Limits guard the shop against machines. They never stand in the way of selling: when the counts cannot be
written, the attempt goes on and the log says so.
"""

import logging
import math
import time
from collections.abc import Sequence
from functools import lru_cache

from django.conf import settings
from django.db import DatabaseError
from limits import RateLimitItem, parse_many
from limits.strategies import FixedWindowRateLimiter

from cms.limits.storage import DatabaseStorage

logger = logging.getLogger(__name__)
STORAGE = DatabaseStorage()
LIMITER = FixedWindowRateLimiter(STORAGE)


class LimitReached(Exception):
    """It was attempted too often. `retry_after` is in seconds, at least one."""

    def __init__(self, name: str, retry_after: int) -> None:
        super().__init__(name)
        self.name = name
        self.retry_after = max(1, retry_after)


def count(*attempts: tuple[str, str]) -> None:
    """Count one attempt under each (name in settings.LIMITS, identifier). Raise LimitReached.

    Name the narrow ones first: a refused attempt is counted no further, so whoever is stopped at their own
    limit does not use up what they share with others. Nothing is counted under an empty identifier.
    """
    for name, identifier in attempts:
        if identifier:
            _count(name, identifier)


def hit(name: str, identifier: str) -> bool:
    """Count one attempt, refused or not, and return whether it was within its limit."""
    return _exceeded(name, identifier) is None


def uncount(*attempts: tuple[str, str]) -> None:
    """Take back what `count` has counted, when the attempt turned out to be no failure."""
    for name, identifier in attempts:
        for limit in _limits(settings.LIMITS[name]) if identifier else ():
            try:
                STORAGE.decr(limit.key_for(name, identifier))
            except DatabaseError:
                logger.exception("The limit %s could not be given back.", name)


def is_counted(name: str, identifier: str) -> bool:
    """Return whether an attempt was counted within the limit's time; count nothing."""
    try:
        return any(STORAGE.get(limit.key_for(name, identifier)) for limit in _limits(settings.LIMITS[name]))
    except DatabaseError:
        logger.exception("The limit %s could not be read.", name)
        return False


def _count(name: str, identifier: str) -> None:
    if exceeded := _exceeded(name, identifier):
        limit, reset_at = exceeded
        logger.warning("The limit %s (%s) was reached.", name, limit)
        raise LimitReached(name, math.ceil(reset_at - time.time()))


def _exceeded(name: str, identifier: str) -> tuple[RateLimitItem, float] | None:
    """Count one attempt and return the limit that it exceeds, with the time of its reset, or None."""
    for limit in _limits(settings.LIMITS[name]):
        try:
            if not LIMITER.hit(limit, name, identifier):
                return limit, LIMITER.get_window_stats(limit, name, identifier).reset_time
        except DatabaseError:
            logger.exception("The limit %s could not be counted, so nobody is refused.", name)
            return None
    return None


@lru_cache(maxsize=100)
def _limits(setting: str) -> Sequence[RateLimitItem]:
    """Return the limits that a setting such as "5/hour;10/day" stands for, the shortest time first."""
    return sorted(parse_many(setting))
