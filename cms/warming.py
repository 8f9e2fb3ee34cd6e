"""Pays for the slow first request before a reader does: reading loads modules, addresses and templates."""

import logging
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.db import DatabaseError, connections

from cms.core.listing import listed_pages

logger = logging.getLogger(__name__)

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def warm(application: Application) -> None:
    """Reads one page of each type, the basket and the search. An empty database is no reason not to start."""
    try:
        for address in [*_page_addresses(), "/basket/", "/search/?q=test"]:
            _read(application, address)
    except DatabaseError as error:
        logger.warning("Not warmed: %s", error)
    finally:
        # A connection must not be shared by the processes that are forked from this one.
        connections.close_all()


def _page_addresses() -> list[str]:
    pages = listed_pages().order_by("content_type_id", "pk")
    one_of_each = {page.content_type_id: page for page in reversed(pages)}
    return [address for page in one_of_each.values() if (address := page.get_url())]


def _read(application: Application, address: str) -> None:
    public = urlsplit(settings.PUBLIC_BASE_URL)
    # Wagtail gives a whole address where a second site exists.
    path = urlsplit(address)
    environment: dict[str, Any] = {
        "PATH_INFO": path.path,
        "QUERY_STRING": path.query,
        "HTTP_HOST": public.netloc,
        "HTTP_X_FORWARDED_PROTO": public.scheme,
        "wsgi.url_scheme": public.scheme,
        "wsgi.input": BytesIO(),
    }
    setup_testing_defaults(environment)
    answer = application(environment, lambda *_: None)
    try:
        b"".join(answer)
    finally:
        if close := getattr(answer, "close", None):
            close()
