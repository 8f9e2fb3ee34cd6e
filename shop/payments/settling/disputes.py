"""Disputes and fraud warnings: what Stripe says of one, written once, and the order held meanwhile.

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
from shop.payments.settling.sessions import settle_payment_of
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
    """The order that the dispute is about; or, if there is none, the reason why staff must look."""

    order: Order | None = None
    reason: str = ""


def handle_dispute_event(event: WebhookEvent) -> str:
    """Settle what the event is about. Return the reason to set the event aside, or an empty text.

    Raise gateway.PaymentUnavailable.
    """
    if event.kind == WARNING_KIND:
        return settle_fraud_warning(event.object_id, Cause.WEBHOOK).reason
    return settle_dispute(event.object_id, Cause.WEBHOOK).reason


def settle_dispute(dispute_id: str, cause: Cause) -> DisputeSettlement:
    """Bring the dispute's row, its order's hold and its case to what Stripe says of it now.

    Return the settlement. A dispute about a payment that the shop does not know gets a case and changes no
    order. Raise gateway.PaymentUnavailable.
    """
    try:
        stripe_dispute = gateway.retrieve_dispute(dispute_id)
    except gateway.ObjectNotFound:
        return DisputeSettlement(reason=_("Stripe knows no such dispute"))
    if stripe_dispute.livemode != gateway.is_live():
        return DisputeSettlement(reason=_("It comes from Stripe's other mode (live or test)"))
    payment = settle_payment_of(stripe_dispute, cause)
    settlement = _settle_under_lock(stripe_dispute, payment, cause)
    if payment and stripe_dispute.status == DisputeState.LOST:
        _settle_mismatched_payment(payment, cause)
    return settlement


def settle_disputes_of(order: Order) -> None:
    """Settle every dispute about the order's money, as before a refund.

    Where Stripe does not answer they stay as they were: it refuses by itself what it does not allow.
    """
    for payment in order.payments.filter(state=PaymentState.SUCCEEDED):
        try:
            for listed in list(gateway.list_disputes_of_payment(payment.payment_intent_id or "")):
                settle_dispute(listed.id, Cause.STAFF)
        except (gateway.PaymentUnavailable, gateway.PaymentRefused):
            continue


def _settle_mismatched_payment(payment: Payment, cause: Cause) -> None:
    """After a lost dispute: the bank has returned what did not match, so that the order can be paid again."""
    payment.refresh_from_db()
    if payment.state == PaymentState.MISMATCHED:
        mismatches.set_aside_if_returned(payment, cause)


def settle_fraud_warning(warning_id: str, cause: Cause) -> DisputeSettlement:
    """Hold the order that a card network warns of, once; what staff have released stays released.

    Return the settlement. Raise gateway.PaymentUnavailable.
    """
    try:
        warning = gateway.retrieve_fraud_warning(warning_id)
    except gateway.ObjectNotFound:
        return DisputeSettlement(reason=_("Stripe knows no such fraud warning"))
    if warning.livemode != gateway.is_live():
        return DisputeSettlement(reason=_("It comes from Stripe's other mode (live or test)"))
    payment = settle_payment_of(warning, cause)
    if payment is None:
        return _open_unknown_warning(warning)
    return _hold_for_warning(warning, payment)


def _open_unknown_warning(warning: FraudWarning) -> DisputeSettlement:
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


@transaction.atomic
def _settle_under_lock(
    stripe_dispute: StripeDispute, payment: Payment | None, cause: Cause
) -> DisputeSettlement:
    order = lock_order(payment.order_id) if payment else None
    if payment:
        payment = Payment.objects.select_for_update().get(pk=payment.pk)
    row, _created = Dispute.objects.get_or_create(
        provider_id=stripe_dispute.id, defaults={**_columns(stripe_dispute), "noticed_by": cause}
    )
    dispute = Dispute.objects.select_for_update().get(pk=row.pk)
    previous = _Previous.of(dispute)
    if _is_outdated(stripe_dispute.status, dispute.state):
        return DisputeSettlement(order)
    _update(dispute, stripe_dispute, payment)
    if order is None or payment is None:
        return _open_unknown_payment(dispute)
    if previous.occasion != dispute.occasion:
        _record_opened(order, payment, dispute, previous, cause)
    elif dispute.state in APPEAL and previous.state not in APPEAL:
        _record_appealed(order, payment, dispute, cause)
    if dispute.is_closed and previous.state != dispute.state:
        _record_closed(order, dispute, cause)
    return DisputeSettlement(order)


@dataclass(frozen=True)
class _Previous:
    """What the order knew of the dispute before; nothing, if the dispute was not tied to it yet."""

    state: str = ""
    occasion: str = ""

    @classmethod
    def of(cls, dispute: Dispute) -> "_Previous":
        return cls(dispute.state, dispute.occasion) if dispute.payment_id else cls()


def _is_outdated(status: str, state: str) -> bool:
    """Return whether Stripe's status is of an answer that is older than the state of our dispute."""
    if state in APPEAL and status in CLOSED:
        return False
    latest = max(STAGES.values())
    return STAGES.get(status, latest) < STAGES.get(state, 0)


def _columns(stripe_dispute: StripeDispute) -> dict:
    """Return the row's columns that follow Stripe's object."""
    change = stripe_dispute.balance_change
    return {
        "payment_intent_id": stripe_dispute.payment_intent_id,
        "amount": stripe_dispute.amount,
        "currency": stripe_dispute.currency,
        "state": stripe_dispute.status,
        "reason": stripe_dispute.reason,
        "due_at": stripe_dispute.due_by,
        "is_withdrawn": stripe_dispute.status not in NOT_WITHDRAWN if change is None else change < 0,
        "is_refundable": stripe_dispute.is_refundable,
        "opened_at": stripe_dispute.created,
    }


def _update(dispute: Dispute, stripe_dispute: StripeDispute, payment: Payment | None) -> None:
    for name, value in _columns(stripe_dispute).items():
        setattr(dispute, name, value)
    dispute.payment = payment or dispute.payment
    dispute.closed_at = (dispute.closed_at or timezone.now()) if dispute.is_closed else None
    dispute.save()


def _open_unknown_payment(dispute: Dispute) -> DisputeSettlement:
    reason = _("A dispute over %(money)s belongs to no payment of this shop") % {"money": dispute.amount_text}
    open_case(
        CaseKind.UNKNOWN_PAYMENT,
        reference=_reference(dispute),
        reason=reason,
        data={"dispute": dispute.provider_id},
        due_at=dispute.due_at,
    )
    return DisputeSettlement(reason=reason)


def _reference(dispute: Dispute) -> str:
    return build_reference(ReferenceKind.DISPUTE, dispute.provider_id)


def _record_opened(
    order: Order, payment: Payment, dispute: Dispute, previous: _Previous, cause: Cause
) -> None:
    """Hold the order and alert staff. An inquiry's hold and case end when it has become a dispute."""
    if previous.occasion:
        release_hold(order, HoldKind.DISPUTE, occasion=previous.occasion)
        resolve(
            CaseKind.DISPUTE,
            reference=order.reference,
            occasion=previous.occasion,
            outcome=_("The inquiry became a dispute"),
        )
    resolve(CaseKind.UNKNOWN_PAYMENT, reference=_reference(dispute), outcome=_("The payment was found"))
    place_hold(order, HoldKind.DISPUTE, occasion=dispute.occasion)
    timeline.record(order, TimelineKind.DISPUTE_OPENED, Actor.STRIPE, data=_timeline_data(dispute, cause))
    _alert_staff(order, payment, dispute)


def _record_appealed(order: Order, payment: Payment, dispute: Dispute, cause: Cause) -> None:
    """Hold the order and alert staff: the bank looks at its decision again, so an answer may be due again."""
    place_hold(order, HoldKind.DISPUTE, occasion=dispute.occasion)
    timeline.record(order, TimelineKind.DISPUTE_APPEALED, Actor.STRIPE, data=_timeline_data(dispute, cause))
    _alert_staff(order, payment, dispute)


def _alert_staff(order: Order, payment: Payment, dispute: Dispute) -> None:
    staff_alerts.open_case_and_alert(
        CaseKind.DISPUTE,
        order,
        payment,
        _reason(dispute),
        occasion=dispute.case_occasion,
        data={"dispute": dispute.provider_id},
        due_at=dispute.due_at,
        by_mail=dispute.state not in RELEASING,
    )


def _reason(dispute: Dispute) -> str:
    values = {
        "money": dispute.amount_text,
        "why": dispute.reason_text,
        "state": dispute.get_state_display().lower(),
    }
    if dispute.is_closed:
        return _("A dispute over %(money)s (%(why)s) has ended: %(state)s.") % values
    if dispute.due_at is None:
        return _("A dispute over %(money)s is open: %(why)s. The bank takes no answer.") % values
    values["due"] = formats.date_format(site_time(dispute.due_at), "DATETIME_FORMAT")
    return (
        _("A dispute over %(money)s is open: %(why)s. Answer before %(due)s in Stripe's dashboard.") % values
    )


def _record_closed(order: Order, dispute: Dispute, cause: Cause) -> None:
    """Resolve the cases with the bank's decision, and release the order only if the money stays."""
    if dispute.state in RELEASING:
        release_hold(order, HoldKind.DISPUTE, occasion=dispute.occasion)
    else:
        place_hold(order, HoldKind.DISPUTE, occasion=dispute.occasion)
    kind = CLOSING_KINDS.get(DisputeState(dispute.state), TimelineKind.DISPUTE_CLOSED)
    timeline.record(order, kind, Actor.STRIPE, data=_timeline_data(dispute, cause))
    for occasion in (dispute.occasion, dispute.appeal_occasion):
        resolve(
            CaseKind.DISPUTE,
            reference=order.reference,
            occasion=occasion,
            outcome=str(dispute.get_state_display()),
        )


def _timeline_data(dispute: Dispute, cause: Cause) -> dict:
    return {
        "amount": dispute.amount,
        "currency": dispute.currency,
        "payment": dispute.payment_id,
        "dispute": dispute.provider_id,
        "cause": cause,
    }


@transaction.atomic
def _hold_for_warning(warning: FraudWarning, payment: Payment) -> DisputeSettlement:
    order = lock_order(payment.order_id)
    resolve(
        CaseKind.UNKNOWN_PAYMENT,
        reference=_warning_reference(warning),
        outcome=_("The payment was found"),
    )
    reason = _("The card's bank warns of fraud. Look at the order before it leaves, or return the money.")
    place_hold(order, HoldKind.FRAUD_WARNING, occasion=warning.id)
    staff_alerts.open_case_and_alert(
        CaseKind.FRAUD_WARNING, order, payment, reason, occasion=warning.id, data={"warning": warning.id}
    )
    return DisputeSettlement(order)
