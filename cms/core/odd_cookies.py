"""What no browser sends and no database takes, kept from every view.

PostgreSQL refuses a text with the character NUL, so each cookie that a query uses could end in an error: one
that holds it counts as not sent. Parameters and forms are cleaned with everything else that is typed (see
cms.typed.middleware), and a path with it leads nowhere.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

NUL = "\0"


class OddCookieMiddleware:
    """Stands before everything that reads a cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        for name in [name for name, value in request.COOKIES.items() if NUL in name + value]:
            del request.COOKIES[name]
        return self.get_response(request)
