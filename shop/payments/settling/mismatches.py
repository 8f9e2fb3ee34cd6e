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


def set_aside_if_returned(payment: Payment, cause: Cause) -> bool:
    """Set the payment aside and resolve its case once all of it has gone back, by refunds or a lost dispute.

    Return whether it has. Raise gateway.PaymentUnavailable.
    """
    if not payment.session_id or not payment.payment_intent_id:
        return False
    received = gateway.retrieve_session(payment.session_id).amount
    refunds = gateway.list_refunds_of_payment(payment.payment_intent_id)
    returned = sum(refund.amount for refund in refunds if refund.status == RefundState.SUCCEEDED)
    if returned + _lost_to_disputes(payment) < received:
        return False
    _record_returned(payment, cause)
    return True


def settle_mismatched_refund(stripe_refund: StripeRefund, payment: Payment, cause: Cause) -> str:
    """Settle a refund of such a payment. Return the reason why staff must look, or an empty text.

    Raise gateway.PaymentUnavailable.
    """
    is_returned = set_aside_if_returned(payment, cause)
    payment.refresh_from_db(fields=["state"])  # it may have been set aside while Stripe was asked
    if is_returned or payment.state == PaymentState.MISMATCHED or stripe_refund.status not in UNDONE:
        return ""
    reason = _(
        "The bank sent %(money)s back of a payment that was set aside. The money is with the shop."
    ) % {"money": format_money(stripe_refund.amount, stripe_refund.currency)}
    actions.open_case(
        CaseKind.PAYMENT_MISMATCH,
        reference=payment.order.reference,
        occasion=build_reference(ReferenceKind.REFUND, stripe_refund.id),
        reason=reason,
        data={"refund": stripe_refund.id, "payment": payment.pk},
    )
    return reason


def is_about_payment(case: Case) -> bool:
    """Return whether the case is about a payment that is kept apart, not about one event or refund."""
    occasion = staff_alerts.payment_occasion(case.data.get("payment"))
    return case.kind == CaseKind.PAYMENT_MISMATCH and case.occasion == occasion


@transaction.atomic
def close_by_staff(case: Case, outcome: str, user: User) -> bool:
    """Close the case of such a payment with how it ended, and let the order be paid again.

    Return False when it was closed before; then nothing is changed.
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
def _record_returned(payment: Payment, cause: Cause) -> None:
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
    """Set the payment aside under the order's lock. Return whether it was kept apart until now."""
    kept_apart = Payment.objects.filter(pk=payment.pk, state=PaymentState.MISMATCHED)
    return bool(kept_apart.update(state=PaymentState.SET_ASIDE))


def _lost_to_disputes(payment: Payment) -> int:
    """Return what the payer's bank has taken back for good, in minor units."""
    lost = Dispute.objects.filter(payment=payment, state=DisputeState.LOST)
    return lost.aggregate(sum=Sum("amount"))["sum"] or 0
