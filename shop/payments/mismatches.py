"""A payment that did not match its order and was kept apart, until Stripe has given all of it back.

Nothing of it is in the ledger: what came in and what went back were never the order's money.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from shop.cases.handling import resolve
from shop.cases.models import CaseKind
from shop.orders import timeline
from shop.orders.locks import lock_order
from shop.orders.models import Actor
from shop.orders.timeline import TimelineKind
from shop.payments import attention, gateway, gateway_refunds
from shop.payments.models import Payment, PaymentState
from shop.payments.refund_models import RefundState


def note_return(payment: Payment, cause: str) -> None:
    """Ends the payment and its case once all of it was returned; the order can be paid again then.

    `cause` is one of settlement.Cause. Raises gateway.PaymentUnavailable.
    """
    if not payment.session_id or not payment.payment_intent_id:
        return
    taken = gateway.retrieve_session(payment.session_id).amount
    refunds = gateway_refunds.list_refunds_of_payment(payment.payment_intent_id)
    if sum(refund.amount for refund in refunds if refund.status == RefundState.SUCCEEDED) >= taken:
        _end(payment, cause)


@transaction.atomic
def _end(payment: Payment, cause: str) -> None:
    order = lock_order(payment.order_id)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if payment.state != PaymentState.MISMATCHED:
        return
    payment.state = PaymentState.SENT_BACK
    payment.save(update_fields=["state"])
    data = {"payment": payment.pk, "cause": cause}
    timeline.record(order, TimelineKind.PAYMENT_SENT_BACK, Actor.STRIPE, data=data)
    resolve(
        CaseKind.PAYMENT_MISMATCH,
        reference=order.reference,
        occasion=attention.payment_occasion(payment.pk),
        outcome=_("The money was returned in Stripe's dashboard"),
    )
