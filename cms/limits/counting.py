"""How often something may be tried, and by whom. The numbers are in settings.LIMITS.

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
    """It was tried too often. `retry_after` is in seconds, at least one."""

    def __init__(self, name: str, retry_after: int) -> None:
        super().__init__(name)
        self.name = name
        self.retry_after = max(1, retry_after)


def count(*attempts: tuple[str, str]) -> None:
    """Count one attempt under each (name in settings.LIMITS, whose it is); raise LimitReached.

    Name the narrow ones first: a refused attempt is counted no further, so whoever is stopped at their own
    limit does not use up what they share with others. An empty `whose` is nobody that can be counted.
    """
    for name, whose in attempts:
        if whose:
            _count(name, whose)


def is_within(name: str, whose: str) -> bool:
    """Count one attempt that is refused to nobody; return whether it was within its limit."""
    return _reached(name, whose) is None


def give_back(*attempts: tuple[str, str]) -> None:
    """Take back what `count` has counted, when the attempt turned out to be no failure."""
    for name, whose in attempts:
        for limit in _limits(settings.LIMITS[name]) if whose else ():
            try:
                STORAGE.decr(limit.key_for(name, whose))
            except DatabaseError:
                logger.exception("The limit %s could not be given back.", name)


def is_counted(name: str, whose: str) -> bool:
    """Return whether an attempt stands there already, within the limit's time; counts nothing."""
    try:
        return any(STORAGE.get(limit.key_for(name, whose)) for limit in _limits(settings.LIMITS[name]))
    except DatabaseError:
        logger.exception("The limit %s could not be read.", name)
        return False


def _count(name: str, whose: str) -> None:
    reached = _reached(name, whose)
    if reached:
        limit, reset_at = reached
        logger.warning("The limit %s (%s) was reached.", name, limit)
        raise LimitReached(name, math.ceil(reset_at - time.time()))


def _reached(name: str, whose: str) -> tuple[RateLimitItem, float] | None:
    """Return the limit that this attempt went beyond, with the time at which it begins again."""
    for limit in _limits(settings.LIMITS[name]):
        try:
            if not LIMITER.hit(limit, name, whose):
                return limit, LIMITER.get_window_stats(limit, name, whose).reset_time
        except DatabaseError:
            logger.exception("The limit %s could not be counted, so nobody is refused.", name)
            return None
    return None


@lru_cache(maxsize=100)
def _limits(text: str) -> Sequence[RateLimitItem]:
    """Return the limits that a setting such as "5/hour;10/day" stands for; the shortest time first."""
    return sorted(parse_many(text))
