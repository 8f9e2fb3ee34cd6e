"""What no browser sends and no database takes, kept from every view.

PostgreSQL refuses a text with the character NUL, so each path and cookie that a query uses could end in an
error. Such an address is answered as a bad request, such a cookie as if it were not there. Parameters and
forms are cleaned with everything else that is typed (see cms.typed.middleware).
"""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase

NUL = "\0"


class OddRequestMiddleware:
    """Stands before everything that reads a path or a cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if NUL in request.path:
            raise BadRequest("The address holds a character that no address has.")
        for name in [name for name, value in request.COOKIES.items() if NUL in name + value]:
            del request.COOKIES[name]
        return self.get_response(request)
