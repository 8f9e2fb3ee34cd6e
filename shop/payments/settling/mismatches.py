"""A payment that did not match its order and was kept apart, until all of it has gone back to the payer.

Nothing of it is in the ledger: what came in and what went back were never the order's money.
"""

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from cms.core.money import format_money
from cms.users.models import User
from shop.cases import actions
from shop.cases.models import Case, CaseKind
from shop.orders import timeline
from shop.orders.locks import lock_order
from shop.orders.models import Actor
from shop.orders.timeline import TimelineKind
from shop.payments import gateway, staff_alerts
from shop.payments.gateway import StripeRefund
from shop.payments.models import Cause, Payment, PaymentState
from shop.payments.models.disputes import Dispute, DisputeState
from shop.payments.models.refunds import UNDONE, RefundState
from shop.references import ReferenceKind, build_reference


def note_return(payment: Payment, cause: Cause) -> bool:
    """Whether all of it has gone back, by refunds or a lost dispute; ends the payment and its case then.

    `cause` is one of settlement.Cause. Raises gateway.PaymentUnavailable.
    """
    if not payment.session_id or not payment.payment_intent_id:
        return False
    taken = gateway.retrieve_session(payment.session_id).amount
    refunds = gateway.list_refunds_of_payment(payment.payment_intent_id)
    returned = sum(refund.amount for refund in refunds if refund.status == RefundState.SUCCEEDED)
    if returned + _lost(payment) < taken:
        return False
    _end(payment, cause)
    return True


def note_refund(told: StripeRefund, payment: Payment, cause: Cause) -> str:
    """What a refund of such a payment changes; the reason why staff must look, or nothing.

    `cause` is one of settlement.Cause. Raises gateway.PaymentUnavailable.
    """
    is_gone = note_return(payment, cause)
    payment.refresh_from_db(fields=["state"])  # it may have been set aside while Stripe was asked
    if is_gone or payment.state == PaymentState.MISMATCHED or told.status not in UNDONE:
        return ""
    reason = _(
        "The bank sent %(money)s back of a payment that was set aside. The money is with the shop."
    ) % {"money": format_money(told.amount, told.currency)}
    actions.open_case(
        CaseKind.PAYMENT_MISMATCH,
        reference=payment.order.reference,
        occasion=build_reference(ReferenceKind.REFUND, told.id),
        reason=reason,
        data={"refund": told.id, "payment": payment.pk},
    )
    return reason


def concerns_payment(case: Case) -> bool:
    """Whether the case is about a payment that is kept apart, not about one event or refund."""
    about = staff_alerts.payment_occasion(case.data.get("payment"))
    return case.kind == CaseKind.PAYMENT_MISMATCH and case.occasion == about


@transaction.atomic
def end_by_hand(case: Case, outcome: str, user: User) -> bool:
    """Ends the case of such a payment with how it ended, and lets the order be paid again.

    False when it had ended before; then nothing is changed.
    """
    payment = Payment.objects.get(pk=case.data["payment"])
    order = lock_order(payment.order_id)
    if not actions.close(case.pk, outcome, user):
        return False
    if _set_aside(payment):
        data = {"payment": payment.pk}
        timeline.record(order, TimelineKind.PAYMENT_SET_ASIDE, Actor.STAFF, user=user, data=data)
    return True


@transaction.atomic
def _end(payment: Payment, cause: Cause) -> None:
    order = lock_order(payment.order_id)
    if not _set_aside(payment):
        return
    data = {"payment": payment.pk, "cause": cause}
    timeline.record(order, TimelineKind.PAYMENT_SENT_BACK, Actor.STRIPE, data=data)
    actions.resolve(
        CaseKind.PAYMENT_MISMATCH,
        reference=order.reference,
        occasion=staff_alerts.payment_occasion(payment.pk),
        outcome=_("The money has gone back to the payer"),
    )


def _set_aside(payment: Payment) -> bool:
    """Whether it was kept apart until now; call it under the order's lock."""
    kept_apart = Payment.objects.filter(pk=payment.pk, state=PaymentState.MISMATCHED)
    return bool(kept_apart.update(state=PaymentState.SET_ASIDE))


def _lost(payment: Payment) -> int:
    """What the payer's bank has taken back for good, in minor units."""
    lost = Dispute.objects.filter(payment=payment, state=DisputeState.LOST)
    return lost.aggregate(sum=Sum("amount"))["sum"] or 0
