"""A cache that may be down: it then remembers nothing, and pages are made without it."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def forgiving(method: Callable[..., Any], answer: Callable[..., Any]) -> Callable[..., Any]:
    """The method, or while Redis is down `answer` of the same arguments."""

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
