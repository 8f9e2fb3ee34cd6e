"""Checkout Sessions: the one function that turns what Stripe says of a payment into what the shop knows.

Webhook, return page and reconciler all come here, in any order and any number of times. Stripe is asked
first, outside any transaction; then the order and the payment are locked, compared and written at once.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.core.money import format_money
from shop.cases.actions import resolve
from shop.cases.models import CaseKind
from shop.orders import mails, timeline, transitions
from shop.orders.locks import lock_order
from shop.orders.models import Actor, Order, OrderStatus
from shop.orders.timeline import TimelineKind
from shop.payments import gateway, staff_alerts
from shop.payments.gateway import CheckoutSession, FraudWarning, StripeDispute, StripeRefund
from shop.payments.models import Cause, Payment, PaymentState
from shop.receipts.issuing import issue_receipt_under_lock


class Outcome(StrEnum):
    PAID = "paid"
    PROCESSING = "processing"
    OPEN = "open"
    FAILED = "failed"
    EXPIRED = "expired"
    MISMATCH = "mismatch"
    SET_ASIDE = "set_aside"
    UNKNOWN = "unknown"


# Nobody is at the page and nobody has just ended the attempt on purpose, so the buyer gets a mail.
UNATTENDED_CAUSES = frozenset({Cause.WEBHOOK, Cause.RECONCILER})
# Of the payment intent of a session that is complete without its money: a delayed method that came back.
# https://docs.stripe.com/payments/paymentintents/lifecycle
FAILED_INTENT_STATUSES = frozenset({"requires_payment_method", "canceled"})
MODES = {True: "live", False: "test"}
TIMELINE_KINDS = {
    PaymentState.PROCESSING: TimelineKind.PAYMENT_PROCESSING,
    PaymentState.FAILED: TimelineKind.PAYMENT_FAILED,
    PaymentState.EXPIRED: TimelineKind.PAYMENT_EXPIRED,
}
STATES = {
    Outcome.OPEN: PaymentState.OPEN,
    Outcome.PROCESSING: PaymentState.PROCESSING,
    Outcome.FAILED: PaymentState.FAILED,
    Outcome.EXPIRED: PaymentState.EXPIRED,
}
# Nothing that Stripe says later changes these: money that arrived stays after a late "expired" or "failed".
ENDED: dict[str, Outcome] = {
    PaymentState.SUCCEEDED: Outcome.PAID,
    PaymentState.SET_ASIDE: Outcome.SET_ASIDE,
}


@dataclass(frozen=True)
class Settlement:
    """The outcome, and the order that the session is about, if there is one; `reason` says why there is none.

    PAID says that the money is here; the order's status says whether it was cancelled before.
    """

    outcome: Outcome
    order: Order | None = None
    reason: str = ""


def settle_session(session_id: str, cause: Cause) -> Settlement:
    """Bring the order's payment to what Stripe says of this Checkout Session now, and return the settlement.

    Its outcome is UNKNOWN for a session that Stripe or the shop does not know.
    Raise gateway.PaymentUnavailable.
    """
    known = Payment.objects.filter(session_id=session_id).select_related("order").first()
    if known and known.state in ENDED:
        return Settlement(ENDED[known.state], known.order)
    if known is None and cause == Cause.RETURN_PAGE:
        # Anybody can invent an address; Stripe is not asked about what the shop has never seen.
        return Settlement(Outcome.UNKNOWN, reason=_("No payment of this shop belongs to it"))
    try:
        session = gateway.retrieve_session(session_id)
    except gateway.ObjectNotFound:
        return Settlement(Outcome.UNKNOWN, reason=_("Stripe knows no such Checkout Session"))
    return _settle_under_lock(session, cause, known)


def close_session(session_id: str, cause: Cause) -> Settlement:
    """End the session at Stripe if it is still open, settle what Stripe says then, and return the settlement.

    Raise gateway.PaymentUnavailable.
    """
    try:
        session = gateway.expire_session(session_id)
    except gateway.ObjectNotFound:
        # Nobody can pay it, so it must not stand in the way of a new attempt or a cancellation.
        unfinished = Payment.objects.filter(session_id=session_id).unfinished()
        unfinished.exclude(state=PaymentState.MISMATCHED).update(state=PaymentState.EXPIRED)
        return Settlement(Outcome.UNKNOWN, reason=_("Stripe knows no such Checkout Session"))
    return _settle_under_lock(session, cause)


def settle_payment_of(
    stripe_object: StripeRefund | StripeDispute | FraudWarning, cause: Cause
) -> Payment | None:
    """Return the payment that a refund, a dispute or a warning is about, as it is after it was settled.

    One whose own events are late is settled here, outside any lock. The answer to its session's creation may
    have been lost, so our own metadata counts as well as the payment intent. Return None when the shop knows
    no such payment. Raise gateway.PaymentUnavailable.
    """
    payment = None
    if stripe_object.payment_intent_id:
        payment = Payment.objects.filter(payment_intent_id=stripe_object.payment_intent_id).first()
    if payment is None and stripe_object.payment_id.isdecimal():
        payment = Payment.objects.filter(
            pk=stripe_object.payment_id, payment_intent_id=None, order__code=stripe_object.order_code
        ).first()
    if payment and payment.session_id and payment.state != PaymentState.SUCCEEDED:
        settle_session(payment.session_id, cause)
        payment.refresh_from_db()
    return payment


@transaction.atomic
def _settle_under_lock(session: CheckoutSession, cause: Cause, known: Payment | None = None) -> Settlement:
    found = known or _find_payment(session)
    if found is None:
        return Settlement(Outcome.UNKNOWN, reason=_("No payment of this shop belongs to it"))
    order = lock_order(found.order_id)
    payment = Payment.objects.select_for_update().get(pk=found.pk)
    if payment.state in ENDED:
        return Settlement(ENDED[payment.state], order)
    is_money_here = session.status == "complete" and session.payment_status != "unpaid"
    if is_money_here and (differences := _differences(session, order, payment)):
        return _record_mismatch(session, order, payment, differences)
    if session.payment_status == "paid":
        return Settlement(Outcome.PAID, _record_paid(session, order, payment, cause))
    outcome = _unpaid_outcome(session)
    _record_unpaid(session, order, payment, STATES[outcome], cause)
    return Settlement(outcome, order)


def _find_payment(session: CheckoutSession) -> Payment | None:
    by_session = Payment.objects.filter(session_id=session.id).first()
    if by_session or not session.payment_id.isdecimal():
        return by_session
    # The answer to its creation was lost, so the row does not know its session yet.
    return Payment.objects.filter(
        pk=session.payment_id, session_id=None, order__code=session.client_reference_id
    ).first()


def _differences(session: CheckoutSession, order: Order, payment: Payment) -> dict[str, str]:
    """Return what is not as it was asked for, by its name, in words for staff."""
    expected = {
        "amount": (format_money(session.amount, session.currency), payment.amount_text),
        "currency": (session.currency, payment.currency),
        "mode": (MODES[session.livemode], MODES[gateway.is_live()]),
        "order": (session.client_reference_id, order.code),
        "payment": (session.payment_id, str(payment.pk)),
    }
    return {
        name: _("%(name)s (%(theirs)s instead of %(ours)s)") % {"name": name, "theirs": theirs, "ours": ours}
        for name, (theirs, ours) in expected.items()
        if theirs != ours
    }


def _record_mismatch(
    session: CheckoutSession, order: Order, payment: Payment, differences: dict[str, str]
) -> Settlement:
    """Settle nothing: nobody pays again until the money has gone back (see mismatches)."""
    payment.state = PaymentState.MISMATCHED
    payment.session_id = session.id
    payment.payment_intent_id = session.payment_intent_id or payment.payment_intent_id
    payment.save()
    data = {"payment": payment.pk, "differences": list(differences)}
    if not order.timeline.filter(kind=TimelineKind.PAYMENT_MISMATCH, data__payment=payment.pk).exists():
        timeline.record(order, TimelineKind.PAYMENT_MISMATCH, Actor.STRIPE, data=data)
    reason = _("It does not match the order: %(differences)s") % {
        "differences": ", ".join(differences.values())
    }
    staff_alerts.open_case_and_alert(CaseKind.PAYMENT_MISMATCH, order, payment, reason)
    return Settlement(Outcome.MISMATCH, order, reason)


def _record_paid(session: CheckoutSession, order: Order, payment: Payment, cause: Cause) -> Order:
    if payment.state == PaymentState.MISMATCHED:
        resolve(
            CaseKind.PAYMENT_MISMATCH,
            reference=order.reference,
            occasion=staff_alerts.payment_occasion(payment.pk),
            outcome=_("The payment matches now"),
        )
    payment.state = PaymentState.SUCCEEDED
    payment.session_id = session.id
    payment.payment_intent_id = session.payment_intent_id or None
    payment.settled_by = cause
    payment.settled_at = timezone.now()
    payment.save()
    staff_alerts.resolve_refusals(order, _("The order was paid"))
    data = _timeline_data(payment, cause)
    if order.status == OrderStatus.AWAITING_PAYMENT:
        order = transitions.apply(order.pk, transitions.Action.PAY, actor=Actor.STRIPE, data=data)
        issue_receipt_under_lock(order)
        return order
    # The money is here whatever state the order is in, so it is kept and somebody must send it back.
    is_cancelled = order.status == OrderStatus.CANCELLED
    kind = TimelineKind.PAID_AFTER_CANCELLATION if is_cancelled else TimelineKind.PAID_TWICE
    timeline.record(order, kind, Actor.STRIPE, data=data)
    reason = _("Money arrived that must be returned: %(money)s") % {"money": payment.amount_text}
    staff_alerts.open_case_and_alert(CaseKind.MONEY_TO_RETURN, order, payment, reason)
    return order


def _unpaid_outcome(session: CheckoutSession) -> Outcome:
    if session.status == "expired":
        return Outcome.EXPIRED
    if session.status == "open":
        return Outcome.OPEN
    # Complete without the money: a delayed method that is on its way, or that came back.
    return Outcome.FAILED if session.payment_intent_status in FAILED_INTENT_STATUSES else Outcome.PROCESSING


def _record_unpaid(
    session: CheckoutSession, order: Order, payment: Payment, state: PaymentState, cause: Cause
) -> None:
    if payment.state == state:
        return
    # The page that waits for a bank asks again by itself, whether or not somebody still looks at it.
    is_unwatched = cause in UNATTENDED_CAUSES or payment.state == PaymentState.PROCESSING
    payment.state = state
    payment.session_id = session.id
    payment.url = session.url or payment.url
    payment.payment_intent_id = session.payment_intent_id or payment.payment_intent_id
    payment.save()
    if kind := TIMELINE_KINDS.get(state):
        timeline.record(order, kind, Actor.STRIPE, data=_timeline_data(payment, cause))
    if state in {PaymentState.FAILED, PaymentState.EXPIRED} and is_unwatched:
        _invite_to_retry(order, payment)


def _invite_to_retry(order: Order, payment: Payment) -> None:
    is_latest = not order.payments.filter(pk__gt=payment.pk).exists()
    if is_latest and order.status == OrderStatus.AWAITING_PAYMENT:
        mails.payment_retry(order, attempt=payment.pk, has_failed=payment.state == PaymentState.FAILED)


def _timeline_data(payment: Payment, cause: Cause) -> dict:
    return {
        "amount": payment.amount,
        "currency": payment.currency,
        "payment": payment.pk,
        "cause": cause,
    }
