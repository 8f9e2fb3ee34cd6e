"""The one function that turns what Stripe says into what the shop knows.

Webhook, return page and reconciler all come here, in any order and any number of times. Stripe is asked
first, outside any transaction; then the order and the payment are locked, compared and written at once.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from shop.orders import timeline, transitions
from shop.orders.locks import lock_order
from shop.orders.models import Actor, Order, OrderStatus
from shop.orders.timeline import TimelineKind
from shop.payments import attention, gateway
from shop.payments.gateway import CheckoutSession
from shop.payments.models import Payment, PaymentState


class Outcome(StrEnum):
    PAID = "paid"
    PROCESSING = "processing"
    OPEN = "open"
    FAILED = "failed"
    EXPIRED = "expired"
    MISMATCH = "mismatch"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Settlement:
    """What came of it, and the order that it is about, if there is one."""

    outcome: Outcome
    order: Order | None = None
    reason: str = ""


def settle_session(session_id: str, cause: str) -> Settlement:
    """Brings the order's payment to what Stripe says of this Checkout Session now.

    `cause` is who asked: webhook, return_page, reconciler, staff or system. A session that Stripe or the shop
    does not know gives the outcome UNKNOWN. Raises gateway.PaymentUnavailable.
    """
    try:
        session = gateway.retrieve_session(session_id)
    except gateway.SessionUnknown:
        return Settlement(Outcome.UNKNOWN, reason="Stripe knows no such Checkout Session")
    return _write(session, cause)


@transaction.atomic
def _write(session: CheckoutSession, cause: str) -> Settlement:
    found = _find_payment(session)
    if found is None:
        return Settlement(Outcome.UNKNOWN, reason="No payment attempt of this shop belongs to it")
    order = lock_order(found.order_id)
    payment = Payment.objects.select_for_update().get(pk=found.pk)
    if differences := _differences(session, order, payment):
        return _keep_apart(order, payment, differences)
    if session.payment_status == "paid":
        _receive(session, order, payment, cause)
        order.refresh_from_db()
        return Settlement(Outcome.PAID, order)
    outcome, state, kind = _unpaid_state(session)
    _note_unpaid(session, order, payment, state, kind)
    return Settlement(outcome, order)


def _find_payment(session: CheckoutSession) -> Payment | None:
    by_session = Payment.objects.filter(session_id=session.id).first()
    if by_session or not session.payment_id.isdecimal():
        return by_session
    # The answer to its creation was lost, so the row does not know its session yet.
    return Payment.objects.filter(pk=session.payment_id, session_id=None).first()


def _differences(session: CheckoutSession, order: Order, payment: Payment) -> list[str]:
    expected = {
        "amount": (session.amount, payment.amount),
        "currency": (session.currency, payment.currency),
        "mode": (session.livemode, gateway.is_live()),
        "order": (session.client_reference_id, order.code),
    }
    return [name for name, (theirs, ours) in expected.items() if theirs != ours]


def _keep_apart(order: Order, payment: Payment, differences: list[str]) -> Settlement:
    data = {"payment": payment.pk, "differences": differences}
    if not order.timeline.filter(kind=TimelineKind.PAYMENT_MISMATCH, data__payment=payment.pk).exists():
        timeline.record(order, TimelineKind.PAYMENT_MISMATCH, Actor.STRIPE, data=data)
    reason = f"It does not match the order: {', '.join(differences)}"
    attention.tell_staff_of_order(order, payment, reason, occasion="mismatch")
    return Settlement(Outcome.MISMATCH, order, reason)


def _receive(session: CheckoutSession, order: Order, payment: Payment, cause: str) -> None:
    if payment.state == PaymentState.SUCCEEDED:
        return
    payment.state = PaymentState.SUCCEEDED
    payment.session_id = session.id
    payment.payment_intent_id = session.payment_intent_id or None
    payment.settled_by = cause
    payment.settled_at = timezone.now()
    payment.save()
    data = {"amount": payment.amount, "currency": payment.currency, "payment": payment.pk}
    if order.status == OrderStatus.AWAITING_PAYMENT:
        transitions.apply(order.pk, transitions.Action.PAY, actor=Actor.STRIPE, data=data)
        return
    # The money is here whatever state the order is in, so it is kept and somebody must send it back.
    is_cancelled = order.status == OrderStatus.CANCELLED
    kind = TimelineKind.PAID_AFTER_CANCELLATION if is_cancelled else TimelineKind.PAID_TWICE
    timeline.record(order, kind, Actor.STRIPE, data=data)
    attention.tell_staff_of_order(order, payment, "Money arrived that must be returned", occasion="return")


def _unpaid_state(session: CheckoutSession) -> tuple[Outcome, PaymentState, TimelineKind | None]:
    if session.status == "expired":
        return Outcome.EXPIRED, PaymentState.EXPIRED, TimelineKind.PAYMENT_EXPIRED
    if session.status == "open":
        return Outcome.OPEN, PaymentState.OPEN, None
    # Complete without the money: a delayed method that is on its way, or that came back.
    if session.payment_intent_status in {"requires_payment_method", "canceled"}:
        return Outcome.FAILED, PaymentState.FAILED, TimelineKind.PAYMENT_FAILED
    return Outcome.PROCESSING, PaymentState.PROCESSING, TimelineKind.PAYMENT_PROCESSING


def _note_unpaid(
    session: CheckoutSession, order: Order, payment: Payment, state: PaymentState, kind: TimelineKind | None
) -> None:
    # Money that arrived stays: a late "expired" or "failed" changes nothing.
    if payment.state in {PaymentState.SUCCEEDED, state}:
        return
    payment.state = state
    payment.session_id = session.id
    payment.url = session.url or payment.url
    payment.payment_intent_id = session.payment_intent_id or payment.payment_intent_id
    payment.save()
    if kind:
        data = {"amount": payment.amount, "currency": payment.currency, "payment": payment.pk}
        timeline.record(order, kind, Actor.STRIPE, data=data)
