"""Public pages are the same bytes for every anonymous reader, so one copy serves them all.

A view opts in with `public_page`. Who carries a session (an editor) always gets a fresh page of their own.
A new generation (see cms.core.generation) purges every copy.
"""

import gzip
import hashlib
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from cms.core.generation import KEPT_SECONDS, generation

logger = logging.getLogger(__name__)

# Shared caches may keep a page for five minutes. Browsers always ask again, so that a corrected price or
# sentence is seen at once; an unchanged page costs them an empty answer.
SHARED = "public, max-age=0, s-maxage=300"
# Only for content delivery networks (RFC 9213): a browser that obeyed it would show yesterday's page.
SHARED_BY_NETWORKS = "max-age=300, stale-while-revalidate=86400"
PRIVATE = "private, no-store"

# Every other parameter (from, utm_*, …) never changes a public page.
MEANINGFUL_PARAMETERS = ("kind", "page", "q")

View = Callable[..., HttpResponseBase]


def public_page(view: View) -> View:
    """Declares that the view's successful answers are the same for every anonymous reader."""

    @wraps(view)
    def opted_in(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.is_public_page = True  # type: ignore[attr-defined]  # read by PageCacheMiddleware
        return response

    return opted_in


class PageCacheMiddleware:
    """Answers from the kept copy, or keeps one. Stands outside everything that opens a session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_anonymous_read(request):
            return self._personal_response(request)
        key = copy_key(request)
        if settings.PAGE_CACHE and (copy := cache.get(key)):
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
            cache.set(key, copy, KEPT_SECONDS)
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

    def response(self, request: HttpRequest) -> HttpResponse:
        takes_gzip = accepts_gzip(request.headers.get("Accept-Encoding", ""))
        body = self.compressed if takes_gzip else gzip.decompress(self.compressed)
        response = HttpResponse(b"" if request.method == "HEAD" else body, headers=dict(self.headers))
        if takes_gzip:
            response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(body))
        return response


def is_anonymous_read(request: HttpRequest) -> bool:
    """Whether a shared copy may answer. A preview is a dummy request to the public address."""
    return (
        request.method in {"GET", "HEAD"}
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and settings.CSRF_COOKIE_NAME not in request.COOKIES  # who just left the admin
        and not getattr(request, "is_dummy", False)
    )


def copy_key(request: HttpRequest) -> str:
    """Names the copy of this request; taken before rendering, so that a purge meanwhile is not undone."""
    parameters = [(name, request.GET[name]) for name in MEANINGFUL_PARAMETERS if name in request.GET]
    address = f"{request.scheme}://{request.get_host()}{request.path}?{urlencode(parameters)}"
    return f"page:{generation()}:{hashlib.sha256(address.encode()).hexdigest()}"


def why_not_shareable(request: HttpRequest, response: HttpResponseBase) -> str:
    """What makes this answer personal, in words for the log; empty when nothing does."""
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
    """Whether the header allows gzip; "gzip;q=0" forbids it, a malformed weight says nothing."""
    match = re.search(r"\bgzip\b(?:\s*;\s*q=([01](?:\.\d*)?))?", accept_encoding)
    return match is not None and float(match.group(1) or 1) > 0


def _is_public(response: HttpResponseBase) -> bool:
    return getattr(response, "is_public_page", False) and response.status_code == 200
