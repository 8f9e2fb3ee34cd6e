"""Which tries of a buyer are counted, and as whose. The numbers are in settings.LIMITS.

Each function counts one try and raises counting.LimitReached when there were too many.
"""

import math
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from shop.checkout.models import Basket
from shop.limits.addresses import client_address
from shop.limits.counting import LimitReached, count
from shop.orders.models import Order

NEWCOMERS, KNOWN = "checkout.address", "checkout.known_address"


def count_checkout(request: HttpRequest, basket: Basket, email: str) -> None:
    """One order that is about to be placed.

    A machine that tries cards takes a new basket and a new e-mail address each time, so only the network
    address stops it. Whoever chose before it came is counted apart, and can buy while it is stopped.
    """
    known_from = basket.created_at + timedelta(seconds=settings.LIMITS_KNOWN_AFTER_SECONDS)
    now = timezone.now()
    try:
        count(
            ("checkout.basket", str(basket.pk)),
            ("checkout.email", _same_for_any_spelling(email)),
            (NEWCOMERS if now < known_from else KNOWN, client_address(request)),
        )
    except LimitReached as reached:
        if reached.name != NEWCOMERS:
            raise
        until_known = math.ceil((known_from - now).total_seconds())
        raise LimitReached(reached.name, min(reached.retry_after, until_known)) from reached


def count_payment(request: HttpRequest, order: Order) -> None:
    """One more attempt to pay an order."""
    count(
        ("payment.order", str(order.pk)),
        ("payment.email", _same_for_any_spelling(order.email)),
        ("payment.address", client_address(request)),
    )


def count_discount_code(request: HttpRequest) -> None:
    """One discount code that somebody types, right or wrong: else guessing would go on until one is right."""
    count(("discount.address", client_address(request)))


def count_wrong_link(request: HttpRequest) -> None:
    """One address of an order page that opens nothing. A right one is never counted, so it always opens."""
    count(("order_page.address", client_address(request)))


def count_confirmation(request: HttpRequest, order: Order) -> None:
    """One answer to the question whose order it is. A new link begins a new count."""
    count(("confirm.order", order.secret), ("confirm.address", client_address(request)))


def count_finding(request: HttpRequest, code: str, email: str) -> None:
    """One request for an order's link, whether or not there is such an order."""
    count(
        ("find.code", code),
        ("find.email", _same_for_any_spelling(email)),
        ("find.address", client_address(request)),
    )


def _same_for_any_spelling(email: str) -> str:
    return email.strip().casefold()
