"""What the addresses of the services mean; each raises ValueError for one that means nothing."""

from urllib.parse import urlsplit

import environ


def database(url: str) -> dict:
    """Django's words for the address; raises ValueError for one that names no database of Django's."""
    parsed = environ.Env.db_url_config(url)
    if not parsed.get("ENGINE", "").startswith("django.db.backends."):
        raise ValueError
    return parsed


def redis(url: str) -> str:
    """The address itself, or nothing; raises ValueError for one that names no Redis server."""
    parts = urlsplit(url)
    if url and (parts.scheme not in {"redis", "rediss"} or not parts.hostname or parts.port == 0):
        raise ValueError
    return url
