"""Ends an unpaid order without losing a payment that is being made at the same moment."""

from django.utils.translation import gettext as _

from shop.orders import transitions
from shop.orders.models import Actor, Order, OrderStatus
from shop.orders.transitions import TransitionRefused
from shop.payments import gateway
from shop.payments.models import PaymentState
from shop.payments.settlement import Outcome, settle_session

NOT_FINISHED = (PaymentState.CREATED, PaymentState.OPEN, PaymentState.PROCESSING)


def cancel_unpaid(order_id: int, *, user=None, actor: Actor = Actor.STAFF) -> bool:
    """Cancels the order; False when Stripe says that it was paid meanwhile, and then it is settled.

    Raises TransitionRefused when a payment is on its way or the order is not unpaid any more, and
    gateway.PaymentUnavailable when Stripe cannot be asked. Nothing is cancelled in these cases.
    """
    order = Order.objects.get(pk=order_id)
    for payment in order.payments.filter(state__in=NOT_FINISHED).exclude(session_id=None):
        gateway.expire_session(payment.session_id)
        outcome = settle_session(payment.session_id, "staff" if user else "system").outcome
        if outcome == Outcome.PROCESSING:
            raise TransitionRefused(_on_its_way(order))
    order.refresh_from_db()
    if order.status != OrderStatus.AWAITING_PAYMENT and order.paid_at:
        return False
    transitions.cancel_unpaid(order_id, actor=actor, user=user)
    return True


def _on_its_way(order: Order) -> str:
    return _("A payment for order %(code)s is on its way, so it cannot be cancelled now.") % {
        "code": order.code
    }
