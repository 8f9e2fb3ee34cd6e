"""Ends orders that nobody paid, without throwing away one that was paid at the last moment."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db.models import Q

from shop.orders.models import Actor, Order, OrderStatus
from shop.orders.reservations import holds_something_scarce
from shop.orders.transitions import TransitionRefused
from shop.payments.cancelling import cancel_unpaid
from shop.payments.reconciling.batch import Run, Step

logger = logging.getLogger(__name__)
ORDERS_PER_RUN = 200


def end_unpaid_orders(now: datetime) -> int:
    """Cancels orders that have waited for settings.UNPAID_ORDER_DAYS; gives how many.

    What keeps something scarce from other buyers ends after settings.RESERVED_ORDER_HOURS.

    Stripe is asked before each (see cancelling): one that was paid meanwhile is settled instead, and one
    whose bank payment is on its way stays. One that fails is logged and the others go on (see runs). Raises
    gateway.PaymentUnavailable at the end when Stripe gave no answer about one.
    """
    run = Run()
    ended = sum(run.stage(_waiting(now)))
    run.end()
    return ended


def _waiting(now: datetime) -> Iterator[Step[bool]]:
    oldest_kept = now - timedelta(days=settings.UNPAID_ORDER_DAYS)
    oldest_reserved = now - timedelta(hours=settings.RESERVED_ORDER_HOURS)
    waiting = Order.objects.filter(
        Q(created_at__lt=oldest_kept) | (Q(created_at__lt=oldest_reserved) & holds_something_scarce()),
        status=OrderStatus.AWAITING_PAYMENT,
    )
    for order_id, code in waiting.order_by("created_at").values_list("pk", "code")[:ORDERS_PER_RUN]:
        yield f"order {code}", partial(_end, order_id)


def _end(order_id: int) -> bool:
    try:
        return cancel_unpaid(order_id, actor=Actor.SYSTEM)
    except TransitionRefused as refusal:
        logger.info("An unpaid order stays: %s", refusal)
        return False
