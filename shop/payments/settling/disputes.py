"""Disputes and fraud warnings: what Stripe says of one, written once, and the order held back meanwhile.

An event, the reconciler and a second event come here in any order. Stripe is asked first; then the order, the
payment and the dispute are locked, compared and written at once.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from cms.core.calendar import site_time
from shop.cases.actions import open_case, resolve
from shop.cases.models import CaseKind
from shop.orders import timeline
from shop.orders.holds import place_hold, release_hold
from shop.orders.locks import lock_order
from shop.orders.models import Actor, HoldKind, Order
from shop.orders.timeline import TimelineKind
from shop.payments import gateway, staff_alerts
from shop.payments.gateway import FraudWarning, StripeDispute
from shop.payments.models import Cause, Payment, PaymentState, WebhookEvent
from shop.payments.models.disputes import APPEAL, CLOSED, STAGES, Dispute, DisputeState
from shop.payments.settling import mismatches
from shop.payments.settling.sessions import settle_session
from shop.references import ReferenceKind, build_reference

WARNING_KIND = "radar.early_fraud_warning.created"
# Where Stripe shows no movement of money: these leave it with the shop.
NOT_WITHDRAWN = frozenset(
    {
        DisputeState.WARNING_NEEDS_RESPONSE,
        DisputeState.WARNING_UNDER_REVIEW,
        DisputeState.WARNING_CLOSED,
        DisputeState.PREVENTED,
        DisputeState.WON,
    }
)
# The order may leave again. A prevented dispute has often been paid back by the bank's own scheme.
RELEASING = frozenset({DisputeState.WON, DisputeState.WARNING_CLOSED})
CLOSING_KINDS = {
    DisputeState.WON: TimelineKind.DISPUTE_WON,
    DisputeState.LOST: TimelineKind.DISPUTE_LOST,
}


@dataclass(frozen=True)
class DisputeSettlement:
    """The order that it is about, if there is one; otherwise the reason why staff must look."""

    order: Order | None = None
    reason: str = ""


def handle_dispute_event(event: WebhookEvent) -> str:
    """Settles what the event is about; gives the reason to set it aside, or nothing.

    Raises gateway.PaymentUnavailable.
    """
    if event.kind == WARNING_KIND:
        return settle_fraud_warning(event.object_id, Cause.WEBHOOK).reason
    return settle_dispute(event.object_id, Cause.WEBHOOK).reason


def settle_dispute(dispute_id: str, cause: Cause) -> DisputeSettlement:
    """Brings the dispute's row, its order's hold and its case to what Stripe says of it now.

    `cause` is one of Cause. A dispute about a payment that the shop does not know is kept for staff and
    changes no order. Raises gateway.PaymentUnavailable.
    """
    try:
        dispute = gateway.retrieve_dispute(dispute_id)
    except gateway.ObjectNotFound:
        return DisputeSettlement(reason=_("Stripe knows no such dispute"))
    if dispute.livemode != gateway.is_live():
        return DisputeSettlement(reason=_("It comes from Stripe's other mode (live or test)"))
    payment = _settled_payment(dispute, cause)
    settlement = _write(dispute, payment, cause)
    if payment and dispute.status == DisputeState.LOST:
        _note_loss(payment, cause)
    return settlement


def ask_about_disputes(order: Order) -> None:
    """Brings every dispute about the order's money to what Stripe says now, as before a refund.

    Where Stripe does not answer they stay as they were: it refuses by itself what it does not allow.
    """
    for payment in order.payments.filter(state=PaymentState.SUCCEEDED):
        try:
            for dispute in list(gateway.list_disputes_of_payment(payment.payment_intent_id or "")):
                settle_dispute(dispute.id, Cause.STAFF)
        except (gateway.PaymentUnavailable, gateway.PaymentRefused):
            continue


def _note_loss(payment: Payment, cause: Cause) -> None:
    """The bank has returned what did not match the order, so that the order can be paid again."""
    payment.refresh_from_db()
    if payment.state == PaymentState.MISMATCHED:
        mismatches.note_return(payment, cause)


def settle_fraud_warning(warning_id: str, cause: Cause) -> DisputeSettlement:
    """Holds the order that a card network warns of, once; what staff have released stays released.

    `cause` is one of Cause. Raises gateway.PaymentUnavailable.
    """
    try:
        warning = gateway.retrieve_fraud_warning(warning_id)
    except gateway.ObjectNotFound:
        return DisputeSettlement(reason=_("Stripe knows no such fraud warning"))
    if warning.livemode != gateway.is_live():
        return DisputeSettlement(reason=_("It comes from Stripe's other mode (live or test)"))
    payment = _settled_payment(warning, cause)
    if payment is None:
        return _keep_warning_for_staff(warning)
    return _write_warning(warning, payment)


def _keep_warning_for_staff(warning: FraudWarning) -> DisputeSettlement:
    reason = _("A bank warns of fraud about a payment that this shop does not know")
    open_case(
        CaseKind.UNKNOWN_PAYMENT,
        reference=_warning_reference(warning),
        reason=reason,
        data={"warning": warning.id},
    )
    return DisputeSettlement(reason=reason)


def _warning_reference(warning: FraudWarning) -> str:
    return build_reference(ReferenceKind.WARNING, warning.id)


def _settled_payment(about: StripeDispute | FraudWarning, cause: Cause) -> Payment | None:
    """The payment, outside any lock; one whose own events are late is settled before.

    The answer to its session's creation may have been lost too, so our own metadata counts as well.
    """
    payment = None
    if about.payment_intent_id:
        payment = Payment.objects.filter(payment_intent_id=about.payment_intent_id).first()
    if payment is None and about.payment_id.isdecimal():
        payment = Payment.objects.filter(
            pk=about.payment_id, payment_intent_id=None, order__code=about.order_code
        ).first()
    if payment and payment.session_id and payment.state != PaymentState.SUCCEEDED:
        settle_session(payment.session_id, cause)
    return payment


@transaction.atomic
def _write(dispute: StripeDispute, payment: Payment | None, cause: Cause) -> DisputeSettlement:
    order = lock_order(payment.order_id) if payment else None
    if payment:
        payment = Payment.objects.select_for_update().get(pk=payment.pk)
    row, _created = Dispute.objects.get_or_create(
        provider_id=dispute.id, defaults={**_facts(dispute), "noticed_by": cause}
    )
    row = Dispute.objects.select_for_update().get(pk=row.pk)
    previous = _Previous.of(row)
    if _is_late(row.state, dispute.status):
        return DisputeSettlement(order)
    _update(row, dispute, payment)
    if order is None or payment is None:
        return _keep_for_staff(row)
    if previous.occasion != row.occasion:
        _begin(order, payment, row, previous, cause)
    elif row.state in APPEAL and previous.state not in APPEAL:
        _appeal(order, payment, row, cause)
    if row.is_closed and previous.state != row.state:
        _end(order, row, cause)
    return DisputeSettlement(order)


@dataclass(frozen=True)
class _Previous:
    """What the order knew of the dispute before; nothing, if the dispute was not tied to it yet."""

    state: str = ""
    occasion: str = ""

    @classmethod
    def of(cls, row: Dispute) -> "_Previous":
        return cls(row.state, row.occasion) if row.payment_id else cls()


def _is_late(known: str, told: str) -> bool:
    """Whether an older answer would take the dispute back."""
    if known in APPEAL and told in CLOSED:
        return False
    latest = max(STAGES.values())
    return STAGES.get(told, latest) < STAGES.get(known, 0)


def _facts(dispute: StripeDispute) -> dict:
    is_withdrawn = dispute.status not in NOT_WITHDRAWN if dispute.moved is None else dispute.moved < 0
    return {
        "payment_intent_id": dispute.payment_intent_id,
        "amount": dispute.amount,
        "currency": dispute.currency,
        "state": dispute.status,
        "reason": dispute.reason,
        "due_at": dispute.due_by,
        "is_withdrawn": is_withdrawn,
        "is_refundable": dispute.is_refundable,
        "opened_at": dispute.created,
    }


def _update(row: Dispute, dispute: StripeDispute, payment: Payment | None) -> None:
    for name, value in _facts(dispute).items():
        setattr(row, name, value)
    row.payment = payment or row.payment
    row.closed_at = (row.closed_at or timezone.now()) if row.is_closed else None
    row.save()


def _keep_for_staff(row: Dispute) -> DisputeSettlement:
    reason = _("A dispute over %(money)s belongs to no payment of this shop") % {"money": row.amount_text}
    open_case(
        CaseKind.UNKNOWN_PAYMENT,
        reference=_reference(row),
        reason=reason,
        data={"dispute": row.provider_id},
        due_at=row.due_at,
    )
    return DisputeSettlement(reason=reason)


def _reference(row: Dispute) -> str:
    return build_reference(ReferenceKind.DISPUTE, row.provider_id)


def _begin(order: Order, payment: Payment, row: Dispute, previous: _Previous, cause: Cause) -> None:
    """The order is held, staff get a case and a mail."""
    if previous.occasion:
        release_hold(order, HoldKind.DISPUTE, occasion=previous.occasion)
        resolve(
            CaseKind.DISPUTE,
            reference=order.reference,
            occasion=previous.occasion,
            outcome=_("The inquiry became a dispute"),
        )
    resolve(CaseKind.UNKNOWN_PAYMENT, reference=_reference(row), outcome=_("The payment was found"))
    place_hold(order, HoldKind.DISPUTE, occasion=row.occasion)
    timeline.record(order, TimelineKind.DISPUTE_OPENED, Actor.STRIPE, data=_entry(row, cause))
    _call_staff(order, payment, row)


def _appeal(order: Order, payment: Payment, row: Dispute, cause: Cause) -> None:
    """A decision is looked at once more, so an answer may be due again."""
    place_hold(order, HoldKind.DISPUTE, occasion=row.occasion)
    timeline.record(order, TimelineKind.DISPUTE_APPEALED, Actor.STRIPE, data=_entry(row, cause))
    _call_staff(order, payment, row)


def _call_staff(order: Order, payment: Payment, row: Dispute) -> None:
    reason = _reason(row)
    open_case(
        CaseKind.DISPUTE,
        reference=order.reference,
        occasion=row.case_occasion,
        reason=reason,
        data={"dispute": row.provider_id, "payment": payment.pk},
        due_at=row.due_at,
    )
    if row.state not in RELEASING:
        staff_alerts.alert_staff_about_order(order, payment, reason, occasion=row.case_occasion)


def _reason(row: Dispute) -> str:
    values = {"money": row.amount_text, "why": row.reason_text, "state": row.get_state_display().lower()}
    if row.is_closed:
        return _("A dispute over %(money)s (%(why)s) has ended: %(state)s.") % values
    if row.due_at is None:
        return _("A dispute over %(money)s is open: %(why)s. The bank takes no answer.") % values
    values["due"] = formats.date_format(site_time(row.due_at), "DATETIME_FORMAT")
    return (
        _("A dispute over %(money)s is open: %(why)s. Answer before %(due)s in Stripe's dashboard.") % values
    )


def _end(order: Order, row: Dispute, cause: Cause) -> None:
    """The cases end with the bank's decision; the order is let go only if the money stays."""
    if row.state in RELEASING:
        release_hold(order, HoldKind.DISPUTE, occasion=row.occasion)
    else:
        place_hold(order, HoldKind.DISPUTE, occasion=row.occasion)
    kind = CLOSING_KINDS.get(DisputeState(row.state), TimelineKind.DISPUTE_CLOSED)
    timeline.record(order, kind, Actor.STRIPE, data=_entry(row, cause))
    for occasion in (row.occasion, row.appeal_occasion):
        resolve(
            CaseKind.DISPUTE,
            reference=order.reference,
            occasion=occasion,
            outcome=str(row.get_state_display()),
        )


def _entry(row: Dispute, cause: Cause) -> dict:
    return {
        "amount": row.amount,
        "currency": row.currency,
        "payment": row.payment_id,
        "dispute": row.provider_id,
        "cause": cause,
    }


@transaction.atomic
def _write_warning(warning: FraudWarning, payment: Payment) -> DisputeSettlement:
    order = lock_order(payment.order_id)
    resolve(
        CaseKind.UNKNOWN_PAYMENT,
        reference=_warning_reference(warning),
        outcome=_("The payment was found"),
    )
    reason = _("The card's bank warns of fraud. Look at the order before it leaves, or return the money.")
    place_hold(order, HoldKind.FRAUD_WARNING, occasion=warning.id)
    open_case(
        CaseKind.FRAUD_WARNING,
        reference=order.reference,
        occasion=warning.id,
        reason=reason,
        data={"warning": warning.id, "payment": payment.pk},
    )
    staff_alerts.alert_staff_about_order(order, payment, reason, occasion=warning.id)
    return DisputeSettlement(order)
