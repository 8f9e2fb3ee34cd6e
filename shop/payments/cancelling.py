"""End unpaid orders without losing a payment that is being made at the same moment."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from cms.users.models import User
from shop.catalogue.models import StockReservation
from shop.discounts.models import DiscountUse, UseState
from shop.orders import transitions
from shop.orders.locks import lock_order
from shop.orders.models import Actor, Order, OrderStatus
from shop.orders.transitions import TransitionRefused
from shop.payments import staff_alerts
from shop.payments.batch import Batch, Step
from shop.payments.models import Cause, Payment, PaymentState
from shop.payments.settling.sessions import close_session
from shop.references import ReferenceKind, reference_expression

logger = logging.getLogger(__name__)
CAUSES = {Actor.STAFF: Cause.STAFF, Actor.BUYER: Cause.BUYER}
MAX_ORDERS = 200  # in one batch; the next goes on


def cancel_unpaid(order_id: int, *, user: User | None = None, actor: Actor = Actor.STAFF) -> bool:
    """Cancel an order that is unpaid, or free and not sent. Return False when it was paid meanwhile.

    What Stripe says was paid is settled. Open sessions are ended there first, so that nobody can pay a
    cancelled order. Raise TransitionRefused when a payment is on its way or did not match, or the order
    cannot be cancelled any more, and gateway.PaymentUnavailable when Stripe cannot be asked. Nothing is
    cancelled in these cases.
    """
    for payment in Payment.objects.filter(order_id=order_id).unfinished().exclude(session_id=None):
        close_session(payment.session_id, CAUSES.get(actor, Cause.SYSTEM))
    with transaction.atomic():
        order = lock_order(order_id)
        if order.status == OrderStatus.PAID and transitions.can_be_cancelled(order):
            transitions.apply(order_id, transitions.Action.CANCEL_FREE, actor=actor, user=user)
            return True
        if order.status in {OrderStatus.PAID, OrderStatus.DISPATCHED}:
            return False
        unfinished = Payment.objects.filter(order=order).unfinished()
        if unfinished.exclude(session_id=None).exists():
            raise TransitionRefused(
                _("A payment for order %(code)s is not settled yet, so it cannot be cancelled now.")
                % {"code": order.code}
            )
        # Whoever is asking Stripe for these sessions now finds the order cancelled and ends them.
        unfinished.update(state=PaymentState.EXPIRED)
        transitions.cancel_unpaid(order_id, actor=actor, user=user)
        staff_alerts.resolve_refusals(order, _("The order was cancelled"))
    return True


def cancel_unpaid_orders(now: datetime) -> int:
    """Cancel orders that have waited for settings.UNPAID_ORDER_DAYS. Return how many.

    What keeps something scarce from other buyers is cancelled after settings.RESERVED_ORDER_HOURS. One that
    was paid meanwhile is settled instead, and one whose bank payment is on its way stays. One that fails is
    logged and the others go on (see batch). Raise gateway.PaymentUnavailable at the end when Stripe gave no
    answer about one.
    """
    batch = Batch()
    cancelled = sum(batch.stage(_unpaid_orders(now)))
    batch.raise_if_unanswered()
    return cancelled


def _reserves_something() -> Q:
    """Return the condition on orders that they reserve limited stock or a use of a code that is limited."""
    theirs = {"order_reference": reference_expression(ReferenceKind.ORDER, OuterRef("code"))}
    uses = DiscountUse.objects.filter(**theirs, state=UseState.RESERVED, code__total_limit__isnull=False)
    return Q(Exists(StockReservation.objects.filter(**theirs))) | Q(Exists(uses))


def _unpaid_orders(now: datetime) -> Iterator[Step[bool]]:
    oldest_kept = now - timedelta(days=settings.UNPAID_ORDER_DAYS)
    oldest_reserved = now - timedelta(hours=settings.RESERVED_ORDER_HOURS)
    waiting = Order.objects.filter(
        Q(created_at__lt=oldest_kept) | (Q(created_at__lt=oldest_reserved) & _reserves_something()),
        status=OrderStatus.AWAITING_PAYMENT,
    )
    for order_id, code in waiting.order_by("created_at").values_list("pk", "code")[:MAX_ORDERS]:
        yield f"order {code}", partial(_cancel_if_unpaid, order_id)


def _cancel_if_unpaid(order_id: int) -> bool:
    try:
        return cancel_unpaid(order_id, actor=Actor.SYSTEM)
    except TransitionRefused as refusal:
        logger.info("An unpaid order stays: %s", refusal)
        return False
