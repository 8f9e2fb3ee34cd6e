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
from shop.payments.refunded_kits import keep_kits_back
from shop.payments.settling import mismatches
from shop.payments.settling.sessions import settle_session
from shop.receipts.corrections import Part
from shop.receipts.issuing import corrected_amount, issue_correction, issue_reversal
from shop.references import ReferenceKind, build_reference

CHARGE_KIND = "charge.refunded"
# `charge.refund.updated` is what Stripe calls them for accounts with an older version.
EVENT_KINDS = frozenset(
    {"refund.created", "refund.updated", "refund.failed", "charge.refund.updated", CHARGE_KIND}
)
# A bounced one may still have reached somebody; these have not.
NEVER_READ = frozenset({MailState.CANCELLED, MailState.REFUSED})


@dataclass(frozen=True)
class RefundSettlement:
    """The order that it is about, if there is one; otherwise the reason why staff must look."""

    order: Order | None = None
    reason: str = ""


def handle_refund_event(event: WebhookEvent) -> str:
    """Settles what the event is about; gives the reason to set it aside, or nothing.

    Raises gateway.PaymentUnavailable.
    """
    if event.kind != CHARGE_KIND:
        return settle_refund(event.object_id, Cause.WEBHOOK).reason
    try:
        told = list(gateway.list_refunds_of_charge(event.object_id))
    except gateway.ObjectNotFound:
        return _("Stripe knows no such charge")
    reasons = [settle_told(refund, Cause.WEBHOOK).reason for refund in told]
    return next(filter(None, reasons), "")


def settle_refund(refund_id: str, cause: Cause) -> RefundSettlement:
    """Brings the refund's row, its order's hold, receipt, mail and case to what Stripe says of it now.

    `cause` is one of Cause. A refund of a payment that the shop does not know is kept for staff and changes
    no order. Raises gateway.PaymentUnavailable.
    """
    try:
        told = gateway.retrieve_refund(refund_id)
    except gateway.ObjectNotFound:
        return RefundSettlement(reason=_("Stripe knows no such refund"))
    return settle_told(told, cause)


def settle_told(told: StripeRefund, cause: Cause) -> RefundSettlement:
    """The same for a refund that Stripe has just told. Raises gateway.PaymentUnavailable."""
    if told.livemode not in {None, gateway.is_live()}:
        return RefundSettlement(reason=_("It comes from Stripe's other mode (live or test)"))
    payment = _settled_payment(told, cause)
    if payment is None:
        return _keep_for_staff(told)
    if payment.state in KEPT_APART:
        return RefundSettlement(payment.order, mismatches.note_refund(told, payment, cause))
    return _write(told, payment, cause)


def _settled_payment(told: StripeRefund, cause: Cause) -> Payment | None:
    """The payment, outside any lock; one whose own events are late is settled before.

    The answer to its session's creation may have been lost too, so our own metadata counts as well.
    """
    payment = None
    if told.payment_intent_id:
        payment = Payment.objects.filter(payment_intent_id=told.payment_intent_id).first()
    if payment is None and told.payment_id.isdecimal():
        payment = Payment.objects.filter(
            pk=told.payment_id, payment_intent_id=None, order__code=told.order_code
        ).first()
    if payment and payment.session_id and payment.state != PaymentState.SUCCEEDED:
        settle_session(payment.session_id, cause)
        payment.refresh_from_db()
    return payment


def _keep_for_staff(told: StripeRefund) -> RefundSettlement:
    reason = _("A refund belongs to no payment of this shop")
    data = {"refund": told.id, "charge": told.charge_id}
    open_case(CaseKind.UNKNOWN_PAYMENT, reference=_reference(told), reason=reason, data=data)
    return RefundSettlement(reason=reason)


def _reference(told: StripeRefund) -> str:
    return build_reference(ReferenceKind.REFUND, told.id)


@transaction.atomic
def _write(told: StripeRefund, payment: Payment, cause: Cause) -> RefundSettlement:
    order = lock_order(payment.order_id)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    row = _row_of(told, payment)
    if differences := _differences(told, payment, row):
        return _keep_apart(told, order, payment, differences)
    resolve(CaseKind.UNKNOWN_PAYMENT, reference=_reference(told), outcome=_("The payment was found"))
    if row is None:
        row = _seen_in_dashboard(told, order, payment, cause)
    if _is_late(row, told) or row.state == told.status:
        _remember_name(row, told)
        return RefundSettlement(order)
    row.provider_id = told.id
    row.state = told.status
    row.failure_reason = told.failure_reason[:60]
    row.noticed_by = cause
    row.settled_at = timezone.now()
    row.save()
    keep_kits_back(order, row)
    if row.state == RefundState.SUCCEEDED:
        _return_money(order, row, cause)
    elif row.is_undone:
        _take_back(order, row, cause)
    return RefundSettlement(order)


def _row_of(told: StripeRefund, payment: Payment) -> Refund | None:
    """Our row of it: under Stripe's name, or one that waits for that name."""
    rows = Refund.objects.select_for_update()
    by_name = rows.filter(provider_id=told.id).first()
    if by_name or not told.refund_id.isdecimal():
        return by_name
    return rows.filter(pk=told.refund_id, payment=payment, provider_id=None).first()


def _differences(told: StripeRefund, payment: Payment, row: Refund | None) -> list[str]:
    differences = []
    if payment.state != PaymentState.SUCCEEDED or (row and row.payment_id != payment.pk):
        differences.append("payment")
    if told.currency != payment.currency:
        differences.append("currency")
    if told.amount != row.amount if row else told.amount > payment.amount:
        differences.append("amount")
    return differences


def _keep_apart(
    told: StripeRefund, order: Order, payment: Payment, differences: list[str]
) -> RefundSettlement:
    reason = _("A refund does not match its payment: %(differences)s") % {
        "differences": ", ".join(differences)
    }
    open_case(
        CaseKind.PAYMENT_MISMATCH,
        reference=order.reference,
        occasion=_reference(told),
        reason=reason,
        data={"refund": told.id, "payment": payment.pk, "differences": differences},
    )
    return RefundSettlement(order, reason)


def _seen_in_dashboard(told: StripeRefund, order: Order, payment: Payment, cause: Cause) -> Refund:
    """A row for a refund that this shop did not ask for. Its state is not written yet."""
    row = Refund.objects.create(
        payment=payment,
        idempotency_key=uuid4(),
        provider_id=told.id,
        amount=told.amount,
        currency=told.currency,
        origin=RefundOrigin.DASHBOARD,
        noticed_by=cause,
    )
    timeline.record(order, TimelineKind.REFUND_SEEN, Actor.STRIPE, data=entry_of(row, cause))
    return row


def _is_late(row: Refund, told: StripeRefund) -> bool:
    """Whether an older answer would take back what is known. Our own "refused" yields to Stripe's word."""
    if row.provider_id is None:
        return False
    latest = STAGES[RefundState.PENDING]
    return STAGES.get(told.status, latest) < STAGES.get(row.state, latest)


def _remember_name(row: Refund, told: StripeRefund) -> None:
    if row.provider_id is None:
        row.provider_id = told.id
        row.save(update_fields=["provider_id"])


def _return_money(order: Order, row: Refund, cause: Cause) -> None:
    """The money is on its way to the buyer: the books, the customer and staff hear of it."""
    timeline.record(order, TimelineKind.REFUNDED, Actor.STRIPE, data=entry_of(row, cause))
    _correct_receipt(order, row)
    mails.order_refunded(order, occasion=row.occasion, amount=row.amount_text)
    _end_cases(order, row)


def _correct_receipt(order: Order, row: Refund) -> None:
    """Takes back what the receipt says above what the shop has kept.

    Money that was paid twice is in no receipt. The correction of a refund that fails is taken back with it.
    """
    if order.paid_at is None:
        return
    ledger = ledger_of(order)
    kept = min(order.total_amount, ledger.paid - ledger.returned)
    to_correct = order.total_amount - corrected_amount(order) - kept
    if to_correct > 0:
        parts = [Part(part.line, part.quantity, part.amount) for part in row.lines.select_related("line")]
        issue_correction(order, to_correct, row.occasion, parts)


def _end_cases(order: Order, row: Refund) -> None:
    """Ends what waits for this money: the refund's own failure, one that it makes up for, or all of them."""
    _resolve_failure(order, row, _("The money was returned after all"))
    failed = Refund.objects.filter(payment=row.payment_id, state__in=UNDONE).order_by("settled_at", "pk")
    balance = ledger_of(order).of(row.payment_id)
    if balance and balance.returned >= balance.paid:
        resolve(
            CaseKind.MONEY_TO_RETURN,
            reference=order.reference,
            occasion=staff_alerts.payment_occasion(row.payment_id),
            outcome=_("The money was returned"),
        )
        for each in failed:
            _resolve_failure(order, each, _("All of the money was returned"))
        return
    # One that was asked for before the failure was not meant to make up for it.
    for each in failed.filter(amount=row.amount, settled_at__lt=row.created_at):
        if _resolve_failure(order, each, _("The money was returned in another try")):
            return


def _resolve_failure(order: Order, row: Refund, outcome: str) -> bool:
    """Ends the case about a refund that failed; False when there is none that is open."""
    return resolve(CaseKind.REFUND_FAILED, reference=order.reference, occasion=row.occasion, outcome=outcome)


def _take_back(order: Order, row: Refund, cause: Cause) -> None:
    """The money is with the shop again: nobody else is told "refunded", and a person must try another way."""
    timeline.record(order, TimelineKind.REFUND_FAILED, Actor.STRIPE, data=entry_of(row, cause))
    issue_reversal(order, row.occasion)
    values = {"money": row.amount_text, "why": row.failure_text or row.get_state_display().lower()}
    reason = _("The refund of %(money)s failed (%(why)s). The money is with the shop.") % values
    if order.status == OrderStatus.DISPATCHED and (left := Kit.objects.filter(line__order=order).to_send()):
        reason += " " + ngettext(
            "%(count)d kit was kept here for it, and the parcel has left without it.",
            "%(count)d kits were kept here for it, and the parcel has left without them.",
            len(left),
        ) % {"count": len(left)}
    if _was_told(order, row):
        reason += " " + _("The customer was told before that it was returned.")
    data = {"refund": row.pk, "payment": row.payment_id}
    open_case(
        CaseKind.REFUND_FAILED,
        reference=order.reference,
        occasion=row.occasion,
        reason=reason,
        data=data,
    )
    staff_alerts.alert_staff_about_order(order, row.payment, reason, occasion=row.occasion)


def _was_told(order: Order, row: Refund) -> bool:
    """Whether the customer's mail has left; one that has not is taken out of the queue."""
    mail = OutboxMail.objects.filter(
        reference=order.reference, kind="order_refunded", occasion=row.occasion
    ).first()
    return mail is not None and not outbox.cancel(mail) and mail.state not in NEVER_READ


@transaction.atomic
def note_refusal(refund: Refund, cause: Cause) -> None:
    """Stripe refuses the request: the money is left again. Without staff at the page, a case says so."""
    order = lock_order(refund.payment.order_id)
    row = Refund.objects.select_for_update().get(pk=refund.pk)
    if row.state != RefundState.REQUESTED:
        return
    row.state = RefundState.FAILED
    row.failure_reason = "refused"
    row.noticed_by = cause
    row.settled_at = timezone.now()
    row.save()
    keep_kits_back(order, row)
    if cause == Cause.STAFF:
        timeline.record(order, TimelineKind.REFUND_FAILED, Actor.STRIPE, data=entry_of(row))
    else:
        _take_back(order, row, cause)


def entry_of(row: Refund, cause: Cause = Cause.STAFF) -> dict:
    """What the timeline keeps of a refund."""
    return {
        "amount": row.amount,
        "currency": row.currency,
        "payment": row.payment_id,
        "refund": row.pk,
        "cause": cause,
    }
