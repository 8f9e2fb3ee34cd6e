"""The cache version: a random token in every key of a kept page, so that a new one purges them all."""

import secrets
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from django.db import transaction

VERSION_KEY = "public-pages-version"
KEPT_SECONDS = 3600

Built = TypeVar("Built")


def cache_version() -> str:
    """Return the present cache version; a flushed cache gives a new one, which only costs a rebuild."""
    return cache.get_or_set(VERSION_KEY, _new_token, timeout=None) or _new_token()


def purge() -> None:
    """Purge every kept copy once the present transaction is committed."""
    transaction.on_commit(start_new_version, robust=True)


def start_new_version() -> None:
    """Purge every kept copy now."""
    cache.set(VERSION_KEY, _new_token(), timeout=None)


def remember(name: str, build: Callable[[], Built]) -> Built:
    """Return what `build` gives, kept until the next purge; None is never kept.

    Plain data only (see caches.PlainData); lists come back for tuples.
    """
    key = f"{cache_version()}:{name}"
    kept = cache.get(key)
    if kept is None:
        kept = build()
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _new_token() -> str:
    return secrets.token_hex(8)
