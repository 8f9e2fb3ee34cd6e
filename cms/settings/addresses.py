"""What the addresses of the services mean; each raises ValueError for one that means nothing."""

from urllib.parse import urlsplit

import environ


def database(url: str) -> dict:
    """Return Django's setting for the address; raise ValueError for one that names no such database."""
    parsed = environ.Env.db_url_config(url)
    if not parsed.get("ENGINE", "").startswith("django.db.backends."):
        raise ValueError
    return parsed


def redis(url: str) -> str:
    """Return the address itself, or nothing; raise ValueError for one that names no Redis server."""
    parts = urlsplit(url)
    if url and (parts.scheme not in {"redis", "rediss"} or not parts.hostname or parts.port == 0):
        raise ValueError
    return url
