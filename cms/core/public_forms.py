"""Protection against forged requests for forms on pages that every reader shares.

A cached page cannot carry a token, so the browser's own word is taken: an unsafe request must come from this
site by `Sec-Fetch-Site`, or, from browsers older than 2023, by `Origin`. See docs/adr/0002.
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from cms.typed.middleware import TAKES_TYPED_TEXT

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
DEFAULT_PORTS = {"http": 80, "https": 443}


def comes_from_this_site(request: HttpRequest) -> bool:
    """Return whether the browser says that a page of this site sent the request."""
    if fetch_site := request.headers.get("Sec-Fetch-Site"):
        return fetch_site == "same-origin"
    return is_of_this_site(request, request.headers.get("Origin") or request.headers.get("Referer", ""))


def is_of_this_site(request: HttpRequest, address: str) -> bool:
    """Return whether an address has the origin at which this request arrived: scheme, host and port.

    The http site of the same name is another one: whoever sits on the line can be it.
    """
    try:
        return _origin(address) == _origin(f"{request.scheme}://{request.get_host()}")
    except ValueError:  # no address at all, such as "http://["
        return False


def _origin(address: str) -> tuple[str, str, int]:
    """Return the origin as RFC 6454 has it; raise ValueError for what has none, such as "null"."""
    parts = urlsplit(address)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
        raise ValueError(address)
    return parts.scheme, parts.hostname, parts.port or DEFAULT_PORTS[parts.scheme]


def public_form(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Take a form without a token from this site's own pages only; raise PermissionDenied otherwise."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if request.method not in SAFE_METHODS and not comes_from_this_site(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    setattr(guarded, TAKES_TYPED_TEXT, True)
    return csrf_exempt(guarded)
