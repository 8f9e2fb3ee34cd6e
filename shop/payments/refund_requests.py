"""Refunds that staff ask for: what is left is checked under the order's lock, the row is stored with its key,
and only then, outside every lock and transaction, Stripe is asked.

An answer that got lost is found by the same key (see reconciling.refunds), so it makes no second refund.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from cms.users.models import User
from shop.orders import timeline
from shop.orders.locks import lock_order
from shop.orders.models import Actor, Kit, Order, OrderLine
from shop.orders.timeline import TimelineKind
from shop.payments import gateway
from shop.payments.gateway import StripeRefund
from shop.payments.ledger import (
    NOTHING,
    Balance,
    Ledger,
    RefundedLine,
    ledger_of,
    line_amount,
    refund_is_blocked,
    refunded_lines,
)
from shop.payments.models import Cause, Payment
from shop.payments.models.disputes import Dispute
from shop.payments.models.refunds import Refund, RefundLine, RefundOrigin, RefundState
from shop.payments.refunded_kits import refunded_kit_ids, void_refunded_kits
from shop.payments.settling import refunds
from shop.payments.settling.disputes import settle_disputes_of


class RefundRefused(Exception):
    """Nothing was given back; the text says why in words for staff."""


@dataclass(frozen=True)
class RefundRequest:
    """What staff ask to give back: an amount in minor units, or what some kits cost.

    Named kits are void: those that have not left are never sent. An amount names none, unless it is all.
    """

    reason: str
    amount: int | None = None
    kits: Collection[int] | None = None  # primary keys
    payment_id: int | None = None  # where it must be one payment's money
    accepts_dispute: bool = False


def request_refund(
    order: Order, refund_request: RefundRequest, *, user: User, key: UUID | None = None
) -> Refund:
    """Give money back, and return the refund as it stands then.

    Its state is REQUESTED when Stripe did not answer: it is asked again until it does, with the same key. A
    form that is sent twice with one `key` makes one refund. Raise RefundRefused.
    """
    settle_disputes_of(order)
    return send_request(_store_request(order.pk, refund_request, user, key or uuid4()))


def return_payment(payment: Payment, *, user: User) -> Refund:
    """Give back what is left of a payment that nobody ordered anything for, and return the refund.

    Raise RefundRefused.
    """
    reason = _("Nobody ordered anything for this payment.")
    return send_request(
        _store_request(payment.order_id, RefundRequest(reason, payment_id=payment.pk), user, uuid4())
    )


def refund_needs_care(payment_id: int) -> bool:
    """Return whether the payer's bank asks or decides about this payment, so that staff must think twice."""
    return refund_is_blocked(payment_id) or Dispute.objects.undecided().filter(payment=payment_id).exists()


def send_request(refund: Refund) -> Refund:
    """Ask Stripe for a refund whose row is committed, and return the refund as it stands then.

    Raise RefundRefused when Stripe refuses. The money is the shop's again then.
    """
    if refund.state != RefundState.REQUESTED:
        return refund
    try:
        stripe_refund = _create(refund) or _find(refund)
    except gateway.PaymentUnavailable:
        return refund
    if stripe_refund is None:
        refunds.record_refusal(refund, Cause.STAFF)
        raise RefundRefused(_("Stripe refuses this refund. Its dashboard may say why."))
    refunds.settle_retrieved_refund(stripe_refund, Cause.STAFF)
    refund.refresh_from_db()
    return refund


def resolve_request(refund: Refund) -> str:
    """Settle a request whose answer got lost. Return the reason why staff must look, or an empty text.

    Stripe keeps a key for a day, its list for ever: so the list is asked before the request is sent again.
    Raise gateway.PaymentUnavailable.
    """
    stripe_refund = _find(refund) or _create(refund) or _find(refund)
    if stripe_refund is None:
        refunds.record_refusal(refund, Cause.RECONCILER)
        return _("Stripe refuses this refund. Its dashboard may say why.")
    return refunds.settle_retrieved_refund(stripe_refund, Cause.RECONCILER).reason


def _create(refund: Refund) -> StripeRefund | None:
    """Return the refund, made by Stripe now or earlier with the same key; None when it refuses.

    An answer that is kept under a key is given again, a failure too, even where the work was done: so a
    refusal is only believed when the refund is in no list.
    """
    payment = refund.payment
    try:
        return gateway.create_refund(
            payment_intent_id=payment.payment_intent_id or "",
            amount=refund.amount,
            order_code=payment.order.code,
            payment_id=payment.pk,
            refund_id=refund.pk,
            idempotency_key=refund.idempotency_key,
        )
    except gateway.PaymentRefused:
        return None


def _find(refund: Refund) -> StripeRefund | None:
    """Return the refund that a lost answer was about, if Stripe made one."""
    try:
        of_payment = gateway.list_refunds_of_payment(refund.payment.payment_intent_id or "")
        return next((each for each in of_payment if each.refund_id == str(refund.pk)), None)
    except gateway.PaymentRefused:
        return None


@transaction.atomic
def _store_request(order_id: int, refund_request: RefundRequest, user: User, key: UUID) -> Refund:
    order = lock_order(order_id)
    payments = Payment.objects.select_for_update().filter(order=order).order_by("pk")
    payment_ids = [payment.pk for payment in payments]
    same = Refund.objects.select_for_update().filter(payment__in=payment_ids)
    if existing := same.filter(idempotency_key=key).first():
        return existing
    ledger = ledger_of(order)
    parts = _parts(order, set(refund_request.kits)) if refund_request.kits is not None else []
    amount = sum(part.amount for part, _kits in parts) if parts else refund_request.amount
    balance = _payment_for(ledger, amount, refund_request)
    refund = Refund.objects.create(
        payment=balance.payment,
        idempotency_key=key,
        amount=balance.refundable if amount is None else amount,
        currency=balance.payment.currency,
        origin=RefundOrigin.STAFF,
        asked_by=user,
        reason=refund_request.reason.strip(),
    )
    for part, kits in parts:
        part.refund = refund
        part.save()
        part.kits.set(kits)
    timeline.record(
        order, TimelineKind.REFUND_REQUESTED, Actor.STAFF, user=user, data=refunds.timeline_data(refund)
    )
    void_refunded_kits(order, refund)
    return refund


def _payment_for(ledger: Ledger, amount: int | None, refund_request: RefundRequest) -> Balance:
    """Return the payment whose money goes back. Raise RefundRefused."""
    if refund_request.payment_id is None:
        enough = [each for each in ledger.balances if each.refundable >= max(amount or 1, 1)]
        found = enough[0] if enough else ledger.largest_refundable()
    else:
        found = ledger.of(refund_request.payment_id)
    if found is None or not found.refundable:
        raise RefundRefused(_("Nothing is left that could be refunded."))
    if amount is not None and not 1 <= amount <= found.refundable:
        raise RefundRefused(
            _("At most %(money)s can be refunded.") % {"money": found.refundable_text}
            if amount > 0
            else _("Nothing was chosen.")
        )
    if not found.payment.payment_intent_id:
        raise RefundRefused(_("Stripe has named no payment that could be refunded."))
    if refund_request.accepts_dispute and refund_is_blocked(found.payment.pk):
        raise RefundRefused(
            _(
                "Stripe allows no refund of this payment because of a dispute. "
                "Its dashboard says what is possible."
            )
        )
    if not refund_request.accepts_dispute and refund_needs_care(found.payment.pk):
        raise RefundRefused(_("A dispute is open about this payment."))
    return found


def _parts(order: Order, kit_ids: set[int]) -> list[tuple[RefundLine, list[Kit]]]:
    """Return one part for each line, not saved, with its kits. Raise RefundRefused."""
    kits = Kit.objects.filter(line__order=order, pk__in=kit_ids).order_by("pk").select_related("line")
    if not kit_ids:
        raise RefundRefused(_("Nothing was chosen."))
    if len(kits) < len(kit_ids):
        raise RefundRefused(_("This kit belongs to another order."))
    if kit_ids & refunded_kit_ids(order):
        raise RefundRefused(_("The money of one of these kits goes back already."))
    before = refunded_lines(order)
    by_line = defaultdict(list)
    for kit in kits:
        by_line[kit.line].append(kit)
    return [(_part(line, len(some), before.get(line.pk, NOTHING)), some) for line, some in by_line.items()]


def _part(line: OrderLine, quantity: int, before: RefundedLine) -> RefundLine:
    left = line.quantity - before.quantity
    if quantity > left:
        raise RefundRefused(_("At most %(count)d of this line can be refunded.") % {"count": left})
    return RefundLine(line=line, quantity=quantity, amount=line_amount(line, quantity, before=before))
