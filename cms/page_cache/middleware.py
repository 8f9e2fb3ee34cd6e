"""Public pages are the same bytes for every anonymous reader, so one copy serves them all.

A view opts in with `public_page` and names the parameters that change what it says; every other parameter
(from, utm_*, anything invented) leads to the same copy. Who carries a session (an editor) always gets a fresh
page of their own. A new cache version (see cms.page_cache.versions) purges every copy.

However many addresses are invented, what is kept stays bounded: one copy a page of the site's own hosts, and
SLOTS copies for all parameters and other hosts together, where a newer one takes an older one's place.
"""

import gzip
import hashlib
import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from cms.page_cache.versions import KEPT_SECONDS, cache_version

logger = logging.getLogger(__name__)

# Shared caches may keep a page for five minutes. Browsers always ask again, so that a corrected price or
# sentence is seen at once; an unchanged page costs them an empty answer.
SHARED = "public, max-age=0, s-maxage=300"
# Only for content delivery networks (RFC 9213): a browser that obeyed it would show yesterday's page.
SHARED_BY_NETWORKS = "max-age=300, stale-while-revalidate=86400"
PRIVATE = "private, no-store"

# For what a reader can make up: words to search, numbers of pages, names of this host. Some 10 KB each.
SLOTS = 1000

View = Callable[..., HttpResponseBase]


def public_page(*, parameters: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Declare that the view's successful answers are the same for every anonymous reader.

    `parameters` are those that change its answers; a view that learns them later (from its page) calls
    `depends_on` itself.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def opted_in(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
            response = view(request, *args, **kwargs)
            if not hasattr(response, "is_public_page"):  # the view may have kept this answer private
                response.is_public_page = True  # type: ignore[attr-defined]  # read by PageCacheMiddleware
            if parameters:
                depends_on(response, parameters)
            return response

        return opted_in

    return declare


def depends_on(response: HttpResponseBase, parameters: tuple[str, ...]) -> None:
    """Say which parameters change this answer."""
    response.public_parameters = parameters  # type: ignore[attr-defined]  # read by PageCacheMiddleware


def keep_private(response: HttpResponseBase) -> None:
    """Mark one answer of a public view as one that no cache may keep."""
    response["Cache-Control"] = PRIVATE
    response.is_public_page = False  # type: ignore[attr-defined]  # read by PageCacheMiddleware


class PageCacheMiddleware:
    """Answers from the kept copy, or keeps one. Stands outside everything that opens a session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_anonymous_read(request):
            return self._personal_response(request)
        place = Place.of(request)
        if settings.PAGE_CACHE and (copy := place.copy()):
            return copy.response(request)
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or not _is_public(response):
            return response
        if reason := why_not_shareable(request, response):
            logger.error("%s is declared public but %s", request.path, reason)
            response["Cache-Control"] = PRIVATE
            return response
        copy = SharedCopy.of(response)
        if settings.PAGE_CACHE and request.method == "GET":
            place.keep(copy, getattr(response, "public_parameters", ()))
        return copy.response(request)

    def _personal_response(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if _is_public(response) and not response.has_header("Cache-Control"):
            response["Cache-Control"] = PRIVATE
        return response


@dataclass(frozen=True)
class SharedCopy:
    """One answer as it leaves for everybody: compressed once, with its validator."""

    headers: tuple[tuple[str, str], ...]
    compressed: bytes

    @classmethod
    def of(cls, response: HttpResponse) -> "SharedCopy":
        digest = hashlib.sha256(response.content).hexdigest()[:32]
        response["Cache-Control"] = SHARED
        response["CDN-Cache-Control"] = SHARED_BY_NETWORKS
        response["ETag"] = f'W/"{digest}"'  # weak: the same for compressed and plain bytes
        response["Vary"] = "Accept-Encoding"
        del response["Content-Length"]
        return cls(tuple(response.items()), gzip.compress(response.content, mtime=0))

    @classmethod
    def unpacked(cls, kept: dict[str, Any]) -> "SharedCopy":
        return cls(tuple((name, value) for name, value in kept["headers"]), kept["body"])

    def packed(self) -> dict[str, Any]:
        """Return it as plain data, which is all that the cache keeps."""
        return {"headers": [list(header) for header in self.headers], "body": self.compressed}

    def response(self, request: HttpRequest) -> HttpResponse:
        takes_gzip = accepts_gzip(request.headers.get("Accept-Encoding", ""))
        body = self.compressed if takes_gzip else gzip.decompress(self.compressed)
        response = HttpResponse(b"" if request.method == "HEAD" else body, headers=dict(self.headers))
        if takes_gzip:
            response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(body))
        return response


def is_anonymous_read(request: HttpRequest) -> bool:
    """Return whether a shared copy may answer. A preview is a dummy request to the public address."""
    return (
        request.method in {"GET", "HEAD"}
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and settings.CSRF_COOKIE_NAME not in request.COOKIES  # who just left the admin
        and not getattr(request, "is_dummy", False)
    )


@dataclass
class Place:
    """Where an address's copies are kept; found before rendering, so that a purge meanwhile is not undone.

    Its entry tells which parameters the page uses and holds the copy without any.
    """

    address: str
    is_own_host: bool
    version: str
    given: dict[str, str]
    entry: dict[str, Any]

    @classmethod
    def of(cls, request: HttpRequest) -> "Place":
        host = request.get_host()
        place = cls(
            address=f"{request.scheme}://{host}{request.path}",
            is_own_host=host == urlsplit(settings.PUBLIC_BASE_URL).netloc,
            version=cache_version(),
            given=request.GET.dict(),
            entry={},
        )
        if settings.PAGE_CACHE:
            place.entry = place._read(place.address, place.is_own_host)
        return place

    def copy(self) -> SharedCopy | None:
        """Return what is kept for this address with these parameters."""
        used = self._used(self.entry.get("parameters", ()))
        kept = self._read(self._variant(used), is_bounded=False) if used else self.entry
        return SharedCopy.unpacked(kept["copy"]) if "copy" in kept else None

    def keep(self, copy: SharedCopy, parameters: tuple[str, ...]) -> None:
        """Keep the copy of a page that these parameters change."""
        entry = {**self.entry, "parameters": list(parameters)}
        if used := self._used(parameters):
            self._write(self._variant(used), {"copy": copy.packed()}, is_bounded=False)
        else:
            entry["copy"] = copy.packed()
        if entry != self.entry:
            self._write(self.address, entry, self.is_own_host)

    def _used(self, parameters: Iterable[str]) -> list[tuple[str, str]]:
        return [(name, self.given[name]) for name in parameters if name in self.given]

    def _variant(self, used: list[tuple[str, str]]) -> str:
        return f"{self.address}?{urlencode(used)}"

    def _read(self, address: str, is_bounded: bool) -> dict[str, Any]:
        """Return what is kept for the address; a slot may hold another one's."""
        name, key = self._names(address, is_bounded)
        kept = cache.get(key)
        return kept if isinstance(kept, dict) and kept.get("name") == name else {}

    def _write(self, address: str, kept: dict[str, Any], is_bounded: bool) -> None:
        name, key = self._names(address, is_bounded)
        cache.set(key, {**kept, "name": name}, KEPT_SECONDS)

    def _names(self, address: str, is_bounded: bool) -> tuple[str, str]:
        """Return the address as a digest, since it may hold a reader's words, and the key that it is kept at.

        That is one of its own where there are only so many addresses, else one of the slots.
        """
        digest = hashlib.sha256(address.encode()).hexdigest()
        place = digest if is_bounded else f"slot-{int(digest, 16) % SLOTS}"
        return digest, f"page:{self.version}:{place}"


def why_not_shareable(request: HttpRequest, response: HttpResponseBase) -> str:
    """Return what makes this answer personal, in words for the log; empty when nothing does."""
    if response.cookies:
        return "sets a cookie"
    if "cookie" in response.get("Vary", "").lower():
        return "depends on the session"
    if "CSRF_COOKIE_NEEDS_UPDATE" in request.META:
        return "carries a token"
    if "no-store" in response.get("Cache-Control", "") or "private" in response.get("Cache-Control", ""):
        return "says that it is private"
    return ""


def accepts_gzip(accept_encoding: str) -> bool:
    """Return whether the header allows gzip; "gzip;q=0" forbids it, a malformed weight says nothing."""
    match = re.search(r"\bgzip\b(?:\s*;\s*q=([01](?:\.\d*)?))?", accept_encoding)
    return match is not None and float(match.group(1) or 1) > 0


def _is_public(response: HttpResponseBase) -> bool:
    return getattr(response, "is_public_page", False) and response.status_code == 200
