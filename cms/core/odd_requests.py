"""What no browser sends and the site cannot read, kept from every view.

PostgreSQL refuses a text with the character NUL, so each cookie that a query uses could end in an error: one
that holds it counts as not sent. Parameters and forms are cleaned with everything else that is typed (see
cms.typed.middleware), and a path with it leads nowhere.

Django reads parameters and forms in whatever charset a request names, before any middleware, and Python
knows some that are none (hex) or that fail: our pages are UTF-8, and so is what they send.
"""

import codecs
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponseBase
from django.utils.http import parse_header_parameters

NUL = "\0"
UTF_8 = "utf-8"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class LenientRequest(WSGIRequest):
    """A request that is read in UTF-8, whose content type counts as not sent when it cannot be read."""

    def _set_content_type_params(self, meta: dict) -> None:
        # Django's own also sets the encoding, and fails at it.
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (ValueError, LookupError):
            self.content_type, self.content_params = "", {}


class OddRequestMiddleware:
    """Stands before everything that reads a cookie or a parameter."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        for name in [name for name, value in request.COOKIES.items() if NUL in name + value]:
            del request.COOKIES[name]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        """Refuse a form in another charset: read as UTF-8 its words would be kept in pieces."""
        charset = (request.content_params or {}).get("charset", UTF_8)
        if request.content_type in FORMS and not _is_utf_8(charset):
            raise BadRequest("Forms are taken in UTF-8 only.")


def _is_utf_8(charset: str) -> bool:
    try:
        return codecs.lookup(charset).name == UTF_8
    except (LookupError, ValueError):
        return True  # not a charset that Django would have read it in
