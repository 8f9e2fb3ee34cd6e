"""Whether the person at a browser has shown that an order is theirs.

The link alone shows only where an order stands: it may have been forwarded, or stay in a shared browser's
history. Whoever knows the buyer's e-mail address or a tested person's date of birth sees the rest. The
browser in which the order was placed counts as theirs.

A signed cookie remembers it, for a day and no longer than the browser is open. It holds no secret and no
code: whoever reads it can open nothing. A new link is confirmed anew. Another cookie of the same kind
remembers which links a browser came with, so that a page that knows the order otherwise gives none away.
"""

import time
from datetime import date, timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from cms.typed.text import email_key
from shop.orders.models import Order

COOKIE = "confirmed_orders"
LINK_COOKIE = "opened_orders"
SALT = "shop.checkout.access.confirmation"
LIFETIME = timedelta(hours=24)
MAX_ORDERS = 10


def is_confirmed(request: HttpRequest, order: Order) -> bool:
    """Return whether this browser has confirmed this order under its present link."""
    return _mark(order) in _marks(request, COOKIE)


def holds_link(request: HttpRequest, order: Order) -> bool:
    """Return whether this browser has used the order's present link, or confirmed the order."""
    return is_confirmed(request, order) or _mark(order) in _marks(request, LINK_COOKIE)


def remember(response: HttpResponse, request: HttpRequest, order: Order) -> None:
    """Let this browser see the order's page for a while."""
    _add_mark(response, request, order, COOKIE)


def remember_link(response: HttpResponse, request: HttpRequest, order: Order) -> None:
    """Note that this browser came with the order's link; it confirms nothing."""
    _add_mark(response, request, order, LINK_COOKIE)


def _add_mark(response: HttpResponse, request: HttpRequest, order: Order, cookie: str) -> None:
    marks = {**_marks(request, cookie), _mark(order): int(time.time())}
    newest = sorted(marks.items(), key=lambda item: item[1])[-MAX_ORDERS:]
    response.set_cookie(
        cookie,
        signing.dumps(dict(newest), salt=_salt(cookie)),
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )


def knows_email(order: Order, email: str) -> bool:
    """Return whether it is the buyer's e-mail address, however it was typed; takes as long either way."""
    return bool(order.email) and constant_time_compare(email_key(email), email_key(order.email))


def knows_date_of_birth(order: Order, born: date) -> bool:
    """Return whether somebody whom the order is for was born that day; every person is compared."""
    dates = [day for day in order.people.values_list("date_of_birth", flat=True) if day]
    return bool(sum(constant_time_compare(born.isoformat(), day.isoformat()) for day in dates))


def _marks(request: HttpRequest, cookie: str) -> dict[str, int]:
    """Return the marks of the orders that the cookie remembers and since when, in seconds since 1970."""
    try:
        marks = signing.loads(request.COOKIES.get(cookie, ""), salt=_salt(cookie), max_age=LIFETIME)
    except signing.BadSignature:
        return {}
    oldest = time.time() - LIFETIME.total_seconds()
    return {mark: moment for mark, moment in marks.items() if moment > oldest}


def _salt(cookie: str) -> str:
    """Return the cookie's salt: each is signed for itself, so that one cannot be passed off as the other."""
    return f"{SALT}.{cookie}"


def _mark(order: Order) -> str:
    return salted_hmac(SALT, order.secret, algorithm="sha256").hexdigest()[:32]
