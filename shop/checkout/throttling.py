"""Which attempts of a buyer are counted, and as whose. The numbers are in settings.LIMITS.

Each function counts one attempt and raises counting.LimitReached when there were too many.
"""

import math
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from cms.limits.client_address import client_address
from cms.limits.counting import LimitReached, count, hit
from cms.typed.text import email_key
from shop.checkout.models import Basket
from shop.orders.models import Order, OrderStatus
from shop.payments.attempts import MIN_STAY
from shop.payments.models import IN_FLIGHT, PaymentState

NEWCOMERS, KNOWN = "checkout.address", "checkout.known_address"


def count_new_basket(request: HttpRequest) -> None:
    """Count one basket that is about to be made: each can place one order that its address does not stop."""
    count(("basket.address", client_address(request)))


def count_checkout(request: HttpRequest, basket: Basket, email: str) -> None:
    """Count one order that is about to be placed.

    A machine that tries cards takes a new basket and a new e-mail address each time, so only the network
    address stops it. Whoever chose five minutes ago buys whatever others do at the same address: the first
    order of such a basket is not counted there. A machine that waits as long is stopped at making baskets.
    """
    count(("checkout.basket", str(basket.pk)), ("checkout.email", email_key(email)))
    known_from = basket.created_at + timedelta(seconds=settings.LIMITS_KNOWN_AFTER_SECONDS)
    now = timezone.now()
    if now < known_from:
        _count_newcomer(request, math.ceil((known_from - now).total_seconds()))
    elif not _is_first_order(basket):
        count((KNOWN, client_address(request)))


def _count_newcomer(request: HttpRequest, seconds_until_known: int) -> None:
    try:
        count((NEWCOMERS, client_address(request)))
    except LimitReached as reached:
        raise LimitReached(reached.name, min(reached.retry_after, seconds_until_known)) from reached


def _is_first_order(basket: Basket) -> bool:
    # It is counted too, because many requests at the same moment would all find a basket without an order.
    return basket.order_id is None and hit("checkout.first_order", str(basket.pk))


def count_payment(request: HttpRequest, order: Order) -> None:
    """Count one more attempt to pay an order.

    The limits guard against ever new payment pages, so what leads back to an open one costs others nothing.
    """
    count(("payment.order", str(order.pk)), ("payment.email", email_key(order.email)))
    if _needs_payment_page(order):
        count(("payment.address", client_address(request)))


def _needs_payment_page(order: Order) -> bool:
    """Return whether an attempt to pay it would begin a new session at Stripe."""
    is_open = Q(state=PaymentState.OPEN, expires_at__gt=timezone.now() + MIN_STAY)
    is_unpaid = order.status == OrderStatus.AWAITING_PAYMENT
    return is_unpaid and not order.payments.filter(is_open | Q(state__in=IN_FLIGHT)).exists()


def count_discount_code(request: HttpRequest) -> None:
    """Count one discount code that somebody types, right or wrong, so that none is guessed."""
    count(("discount.address", client_address(request)))


def count_wrong_link(request: HttpRequest) -> None:
    """Count one wrong address of an order page. A right one is never counted, so it always opens."""
    count(("order_page.address", client_address(request)))


def count_confirmation(request: HttpRequest, order: Order) -> None:
    """Count one answer to the question whose order it is. A new link begins a new count."""
    count(("confirm.order", order.secret), ("confirm.address", client_address(request)))


def count_finding(request: HttpRequest, code: str, email: str) -> None:
    """Count one request for an order's link, whether or not there is such an order."""
    count(
        ("find.code", code),
        ("find.email", email_key(email)),
        ("find.address", client_address(request)),
    )
