"""How a browser finds its basket again: a secret token, and a readable mark that there is one.

The mark lets a page's script know without a request whether asking for the basket's count is worth it.
"""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from shop.checkout.models import Basket

BASKET_COOKIE = "basket"
MARKER_COOKIE = "basket_marker"
LONGEST_TOKEN = 64


def token_of(request: HttpRequest) -> str:
    """The basket's token that the browser sent, or an empty text."""
    return request.COOKIES.get(BASKET_COOKIE, "")[:LONGEST_TOKEN]


def remember(response: HttpResponse, basket: Basket, request: HttpRequest) -> None:
    """Lets the browser find this basket for the next days."""
    lifetime = timedelta(days=settings.BASKET_DAYS)
    for name, value, is_hidden in ((BASKET_COOKIE, basket.token, True), (MARKER_COOKIE, "1", False)):
        response.set_cookie(
            name, value, max_age=lifetime, httponly=is_hidden, secure=request.is_secure(), samesite="Lax"
        )


def forget(response: HttpResponse) -> None:
    """Lets the browser forget its basket."""
    for name in (BASKET_COOKIE, MARKER_COOKIE):
        response.delete_cookie(name, samesite="Lax")
