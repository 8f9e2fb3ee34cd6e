"""Ends an unpaid order without losing a payment that is being made at the same moment."""

from django.db import transaction
from django.utils.translation import gettext as _

from cms.users.models import User
from shop.orders import transitions
from shop.orders.locks import lock_order
from shop.orders.models import Actor, Order, OrderStatus
from shop.orders.transitions import TransitionRefused
from shop.payments import staff_alerts
from shop.payments.models import Cause, Payment, PaymentState
from shop.payments.settling.sessions import close_session

CAUSES = {Actor.STAFF: Cause.STAFF, Actor.BUYER: Cause.BUYER}


def cancel_unpaid(order_id: int, *, user: User | None = None, actor: Actor = Actor.STAFF) -> bool:
    """Cancels an order that is unpaid, or free and not sent; False when it was paid meanwhile.

    What Stripe says was paid is settled. Open sessions are ended there first, so that nobody can pay a
    cancelled order. Raises TransitionRefused when a payment is on its way or did not match, or the order
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
            raise TransitionRefused(_not_settled(order))
        # Whoever is asking Stripe for these sessions now finds the order cancelled and ends them.
        unfinished.update(state=PaymentState.EXPIRED)
        transitions.cancel_unpaid(order_id, actor=actor, user=user)
        staff_alerts.resolve_refusals(order, _("The order was cancelled"))
    return True


def _not_settled(order: Order) -> str:
    return _("A payment for order %(code)s is not settled yet, so it cannot be cancelled now.") % {
        "code": order.code
    }
