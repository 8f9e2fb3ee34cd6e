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
from cms.images.models import CustomImage
from cms.images.pictures import only_made_pictures

logger = logging.getLogger(__name__)

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def warm(application: Application) -> None:
    """Read one page of each type, the basket and the search. An empty database is no reason not to start.

    Where the worker has yet to make pictures' sizes, as at a first start, only the home page's are made here.
    """
    try:
        addresses = [*_page_addresses(), "/basket/", "/search/?q=test"]
        if not CustomImage.objects.filter(renditions=None).exists():
            for address in addresses:
                _read(application, address)
            return
        _read(application, "/")
        with only_made_pictures():
            for address in addresses:
                _read(application, address, "HEAD")  # rendered, but not kept without its pictures
    except DatabaseError as error:
        logger.warning("Not warmed: %s", error)
    finally:
        # A connection must not be shared by the processes that are forked from this one.
        connections.close_all()


def _page_addresses() -> list[str]:
    pages = listed_pages().order_by("content_type_id", "pk")
    one_of_each = {page.content_type_id: page for page in reversed(pages)}
    return [address for page in one_of_each.values() if (address := page.get_url())]


def _read(application: Application, address: str, method: str = "GET") -> None:
    public = urlsplit(settings.PUBLIC_BASE_URL)
    # Wagtail gives a whole address where a second site exists.
    path = urlsplit(address)
    environment: dict[str, Any] = {
        "REQUEST_METHOD": method,
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
