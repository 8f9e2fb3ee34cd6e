"""What Stripe says of a refund, written once, whoever asked for it.

An event, the reconciler, staff's own request and a second event come here in any order. Stripe is asked
first; then the order, the payment and the refund are locked, compared and written at once.
"""

from dataclasses import dataclass
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.cases.actions import open_case, resolve
from shop.cases.models import CaseKind
from shop.mail import outbox
from shop.mail.models import MailState, OutboxMail
from shop.orders import mails, timeline
from shop.orders.locks import lock_order
from shop.orders.models import Actor, Kit, Order, OrderStatus
from shop.orders.timeline import TimelineKind
from shop.payments import gateway, staff_alerts
from shop.payments.gateway import StripeRefund
from shop.payments.ledger import ledger_of
from shop.payments.models import KEPT_APART, Cause, Payment, PaymentState, WebhookEvent
from shop.payments.models.refunds import STAGES, UNDONE, Refund, RefundOrigin, RefundState
from shop.payments.refunded_kits import void_refunded_kits
from shop.payments.settling import mismatches
from shop.payments.settling.sessions import settle_payment_of
from shop.receipts.corrections import Part
from shop.receipts.issuing import corrected_amount, issue_correction, issue_reversal
from shop.references import ReferenceKind, build_reference

CHARGE_REFUNDED = "charge.refunded"
# `charge.refund.updated` is what Stripe calls them for accounts with an older version.
EVENT_KINDS = frozenset(
    {"refund.created", "refund.updated", "refund.failed", "charge.refund.updated", CHARGE_REFUNDED}
)
# A bounced one may still have reached somebody; these have not.
NEVER_READ = frozenset({MailState.CANCELLED, MailState.REFUSED})


@dataclass(frozen=True)
class RefundSettlement:
    """The order that the refund is about, if there is one, and the reason why staff must look, if any."""

    order: Order | None = None
    reason: str = ""


def handle_refund_event(event: WebhookEvent) -> str:
    """Settle what the event is about. Return the reason to set the event aside, or an empty text.

    Raise gateway.PaymentUnavailable.
    """
    if event.kind != CHARGE_REFUNDED:
        return settle_refund(event.object_id, Cause.WEBHOOK).reason
    try:
        stripe_refunds = list(gateway.list_refunds_of_charge(event.object_id))
    except gateway.ObjectNotFound:
        return _("Stripe knows no such charge")
    reasons = [settle_retrieved_refund(each, Cause.WEBHOOK).reason for each in stripe_refunds]
    return next(filter(None, reasons), "")


def settle_refund(refund_id: str, cause: Cause) -> RefundSettlement:
    """Bring the refund's row, its order's hold, receipt, mail and case to what Stripe says of it now.

    Return the settlement. A refund of a payment that the shop does not know gets a case and changes no order.
    Raise gateway.PaymentUnavailable.
    """
    try:
        stripe_refund = gateway.retrieve_refund(refund_id)
    except gateway.ObjectNotFound:
        return RefundSettlement(reason=_("Stripe knows no such refund"))
    return settle_retrieved_refund(stripe_refund, cause)


def settle_retrieved_refund(stripe_refund: StripeRefund, cause: Cause) -> RefundSettlement:
    """Do the same for a refund that was retrieved from Stripe just now."""
    if stripe_refund.livemode not in {None, gateway.is_live()}:
        return RefundSettlement(reason=_("It comes from Stripe's other mode (live or test)"))
    payment = settle_payment_of(stripe_refund, cause)
    if payment is None:
        return _open_unknown_payment(stripe_refund)
    if payment.state in KEPT_APART:
        reason = mismatches.settle_mismatched_refund(stripe_refund, payment, cause)
        return RefundSettlement(payment.order, reason)
    return _settle_under_lock(stripe_refund, payment, cause)


def _open_unknown_payment(stripe_refund: StripeRefund) -> RefundSettlement:
    reason = _("A refund belongs to no payment of this shop")
    data = {"refund": stripe_refund.id, "charge": stripe_refund.charge_id}
    open_case(CaseKind.UNKNOWN_PAYMENT, reference=_reference(stripe_refund), reason=reason, data=data)
    return RefundSettlement(reason=reason)


def _reference(stripe_refund: StripeRefund) -> str:
    return build_reference(ReferenceKind.REFUND, stripe_refund.id)


@transaction.atomic
def _settle_under_lock(stripe_refund: StripeRefund, payment: Payment, cause: Cause) -> RefundSettlement:
    order = lock_order(payment.order_id)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    refund = _find_refund(stripe_refund, payment)
    if differences := _differences(stripe_refund, payment, refund):
        return _record_mismatch(stripe_refund, order, payment, differences)
    resolve(CaseKind.UNKNOWN_PAYMENT, reference=_reference(stripe_refund), outcome=_("The payment was found"))
    if refund is None:
        refund = _create_dashboard_refund(stripe_refund, order, payment, cause)
    if _is_outdated(refund, stripe_refund) or refund.state == stripe_refund.status:
        _save_provider_id(refund, stripe_refund)
        return RefundSettlement(order)
    refund.provider_id = stripe_refund.id
    refund.state = stripe_refund.status
    refund.failure_reason = stripe_refund.failure_reason[:60]
    refund.noticed_by = cause
    refund.settled_at = timezone.now()
    refund.save()
    void_refunded_kits(order, refund)
    if refund.state == RefundState.SUCCEEDED:
        _record_success(order, refund, cause)
    elif refund.is_undone:
        _record_failure(order, refund, cause)
    return RefundSettlement(order)


def _find_refund(stripe_refund: StripeRefund, payment: Payment) -> Refund | None:
    """Return our row of it, locked: by Stripe's id, or one that waits for that id; None if there is none."""
    rows = Refund.objects.select_for_update()
    by_id = rows.filter(provider_id=stripe_refund.id).first()
    if by_id or not stripe_refund.refund_id.isdecimal():
        return by_id
    return rows.filter(pk=stripe_refund.refund_id, payment=payment, provider_id=None).first()


def _differences(stripe_refund: StripeRefund, payment: Payment, refund: Refund | None) -> list[str]:
    differences = []
    if payment.state != PaymentState.SUCCEEDED or (refund and refund.payment_id != payment.pk):
        differences.append("payment")
    if stripe_refund.currency != payment.currency:
        differences.append("currency")
    if stripe_refund.amount != refund.amount if refund else stripe_refund.amount > payment.amount:
        differences.append("amount")
    return differences


def _record_mismatch(
    stripe_refund: StripeRefund, order: Order, payment: Payment, differences: list[str]
) -> RefundSettlement:
    reason = _("A refund does not match its payment: %(differences)s") % {
        "differences": ", ".join(differences)
    }
    open_case(
        CaseKind.PAYMENT_MISMATCH,
        reference=order.reference,
        occasion=_reference(stripe_refund),
        reason=reason,
        data={"refund": stripe_refund.id, "payment": payment.pk, "differences": differences},
    )
    return RefundSettlement(order, reason)


def _create_dashboard_refund(
    stripe_refund: StripeRefund, order: Order, payment: Payment, cause: Cause
) -> Refund:
    """Make and return a row for a refund that this shop did not ask for. Its state is not written yet."""
    refund = Refund.objects.create(
        payment=payment,
        idempotency_key=uuid4(),
        provider_id=stripe_refund.id,
        amount=stripe_refund.amount,
        currency=stripe_refund.currency,
        origin=RefundOrigin.DASHBOARD,
        noticed_by=cause,
    )
    timeline.record(order, TimelineKind.REFUND_SEEN, Actor.STRIPE, data=timeline_data(refund, cause))
    return refund


def _is_outdated(refund: Refund, stripe_refund: StripeRefund) -> bool:
    """Return whether this answer is older than what is known. Our own "refused" yields to any of Stripe's."""
    if refund.provider_id is None:
        return False
    latest = STAGES[RefundState.PENDING]
    return STAGES.get(stripe_refund.status, latest) < STAGES.get(refund.state, latest)


def _save_provider_id(refund: Refund, stripe_refund: StripeRefund) -> None:
    if refund.provider_id is None:
        refund.provider_id = stripe_refund.id
        refund.save(update_fields=["provider_id"])


def _record_success(order: Order, refund: Refund, cause: Cause) -> None:
    """Record that the money is on its way: correct the receipt, mail the buyer, resolve the cases."""
    timeline.record(order, TimelineKind.REFUNDED, Actor.STRIPE, data=timeline_data(refund, cause))
    _correct_receipt(order, refund)
    mails.order_refunded(order, occasion=refund.occasion, amount=refund.amount_text)
    _resolve_cases(order, refund)


def _correct_receipt(order: Order, refund: Refund) -> None:
    """Take back what the receipt says above what the shop has kept.

    Money that was paid twice is in no receipt. The correction of a refund that fails is taken back with it.
    """
    if order.paid_at is None:
        return
    ledger = ledger_of(order)
    kept = min(order.total_amount, ledger.paid - ledger.returned)
    to_correct = order.total_amount - corrected_amount(order) - kept
    if to_correct > 0:
        parts = [Part(part.line, part.quantity, part.amount) for part in refund.lines.select_related("line")]
        issue_correction(order, to_correct, refund.occasion, parts)


def _resolve_cases(order: Order, refund: Refund) -> None:
    """Resolve the case of the refund's own failure, of one that it makes up for, or of all."""
    _resolve_failure(order, refund, _("The money was returned after all"))
    failed = Refund.objects.filter(payment=refund.payment_id, state__in=UNDONE).order_by("settled_at", "pk")
    balance = ledger_of(order).of(refund.payment_id)
    if balance and balance.returned >= balance.paid:
        resolve(
            CaseKind.MONEY_TO_RETURN,
            reference=order.reference,
            occasion=staff_alerts.payment_occasion(refund.payment_id),
            outcome=_("The money was returned"),
        )
        for each in failed:
            _resolve_failure(order, each, _("All of the money was returned"))
        return
    # One that was asked for before the failure was not meant to make up for it.
    for each in failed.filter(amount=refund.amount, settled_at__lt=refund.created_at):
        if _resolve_failure(order, each, _("The money was returned in another try")):
            return


def _resolve_failure(order: Order, refund: Refund, outcome: str) -> bool:
    """Resolve the case about a refund that failed. Return False when none is open."""
    return resolve(
        CaseKind.REFUND_FAILED, reference=order.reference, occasion=refund.occasion, outcome=outcome
    )


def _record_failure(order: Order, refund: Refund, cause: Cause) -> None:
    """Record that the money is with the shop again: withdraw the buyer's mail, and open a case for staff."""
    timeline.record(order, TimelineKind.REFUND_FAILED, Actor.STRIPE, data=timeline_data(refund, cause))
    issue_reversal(order, refund.occasion)
    values = {"money": refund.amount_text, "why": refund.failure_text or refund.get_state_display().lower()}
    reason = _("The refund of %(money)s failed (%(why)s). The money is with the shop.") % values
    if order.status == OrderStatus.DISPATCHED and (left := Kit.objects.filter(line__order=order).to_send()):
        reason += " " + ngettext(
            "%(count)d kit was kept here for it, and the parcel has left without it.",
            "%(count)d kits were kept here for it, and the parcel has left without them.",
            len(left),
        ) % {"count": len(left)}
    if not _withdraw_mail(order, refund):
        reason += " " + _("The customer was told before that it was returned.")
    staff_alerts.open_case_and_alert(
        CaseKind.REFUND_FAILED,
        order,
        refund.payment,
        reason,
        occasion=refund.occasion,
        data={"refund": refund.pk},
    )


def _withdraw_mail(order: Order, refund: Refund) -> bool:
    """Take the customer's mail out of the queue. Return False when somebody may have read it."""
    mail = OutboxMail.objects.filter(
        reference=order.reference, kind="order_refunded", occasion=refund.occasion
    ).first()
    return mail is None or outbox.cancel(mail) or mail.state in NEVER_READ


@transaction.atomic
def record_refusal(refund: Refund, cause: Cause) -> None:
    """Record that Stripe refuses the request: the money stays. Open a case unless staff are at the page."""
    order = lock_order(refund.payment.order_id)
    refund = Refund.objects.select_for_update().get(pk=refund.pk)
    if refund.state != RefundState.REQUESTED:
        return
    refund.state = RefundState.FAILED
    refund.failure_reason = "refused"
    refund.noticed_by = cause
    refund.settled_at = timezone.now()
    refund.save()
    void_refunded_kits(order, refund)
    if cause == Cause.STAFF:
        timeline.record(order, TimelineKind.REFUND_FAILED, Actor.STRIPE, data=timeline_data(refund))
    else:
        _record_failure(order, refund, cause)


def timeline_data(refund: Refund, cause: Cause = Cause.STAFF) -> dict:
    """Return what the timeline keeps of a refund."""
    return {
        "amount": refund.amount,
        "currency": refund.currency,
        "payment": refund.payment_id,
        "refund": refund.pk,
        "cause": cause,
    }
