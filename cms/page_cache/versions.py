"""One random token names the state of the public pages; a new one makes every kept copy unreachable."""

import secrets
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from django.db import transaction

GENERATION_KEY = "public-pages-generation"
KEPT_SECONDS = 3600

Built = TypeVar("Built")


def generation() -> str:
    """The token of the present state; a flushed cache gives a new one, which only costs a rebuild."""
    return cache.get_or_set(GENERATION_KEY, _new_token, timeout=None) or _new_token()


def purge() -> None:
    """Makes every kept copy unreachable once the present transaction is committed."""
    transaction.on_commit(start_generation, robust=True)


def start_generation() -> None:
    """Makes every kept copy unreachable now."""
    cache.set(GENERATION_KEY, _new_token(), timeout=None)


def remember(name: str, build: Callable[[], Built]) -> Built:
    """What `build` gives, kept until the next purge; None is never kept.

    Plain data only (see caches.PlainData); lists come back for tuples.
    """
    key = f"{generation()}:{name}"
    kept = cache.get(key)
    if kept is None:
        kept = build()
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _new_token() -> str:
    return secrets.token_hex(8)
