"""A cache that may be down, or hold what somebody else has put there.

When it is down it remembers nothing, and pages are made without it. What it holds is read as plain data: with
Django's own pickles, whoever can write to the cache could run code in every process that reads it.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import msgpack
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def next_database(url: str) -> str:
    """Return the same Redis server's next database, for a cache beside a broker; nothing for nothing."""
    if not url:
        return ""
    parts = urlsplit(url)
    number = parts.path.strip("/")
    return urlunsplit(parts._replace(path=f"/{int(number) + 1 if number.isdecimal() else 1}"))


class Unreadable(RedisError):
    """Somebody else's value, or one of an older version of this code."""


class PlainData:
    """Texts, bytes, numbers, lists and dictionaries, as MessagePack; a tuple comes back as a list."""

    def dumps(self, value: Any) -> int | bytes:
        # Redis counts on whole numbers itself; True is none.
        return value if type(value) is int else msgpack.packb(value)

    def loads(self, data: bytes) -> Any:
        try:
            return int(data)
        except ValueError:
            pass
        try:
            return msgpack.unpackb(data, strict_map_key=False)
        except ValueError as error:
            raise Unreadable("a value is no plain data") from error


def forgiving(method: Callable[..., Any], answer: Callable[..., Any]) -> Callable[..., Any]:
    """Return the method, or while Redis is down `answer` of the same arguments."""

    @wraps(method)
    def forgiven(self: RedisCache, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(self, *args, **kwargs)
        except RedisError as error:
            logger.warning("The cache is down: %s", error)
            return answer(*args, **kwargs)

    return forgiven


class ForgivingRedisCache(RedisCache):
    """Redis as Django speaks to it; a failure counts as a miss. What it keeps can always be made again."""

    get = forgiving(RedisCache.get, lambda key, default=None, version=None: default)
    get_many = forgiving(RedisCache.get_many, lambda keys, version=None: {})
    set = forgiving(RedisCache.set, lambda *args, **kwargs: None)
    set_many = forgiving(RedisCache.set_many, lambda data, *args, **kwargs: list(data))
    add = forgiving(RedisCache.add, lambda *args, **kwargs: False)
    touch = forgiving(RedisCache.touch, lambda *args, **kwargs: False)
    delete = forgiving(RedisCache.delete, lambda *args, **kwargs: False)
    delete_many = forgiving(RedisCache.delete_many, lambda *args, **kwargs: None)
    has_key = forgiving(RedisCache.has_key, lambda *args, **kwargs: False)
