"""Sends a buyer to payment: one attempt is one row and one Checkout Session at Stripe."""

from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.orders import timeline
from shop.orders.locks import lock_order
from shop.orders.models import Actor, Order, OrderStatus
from shop.orders.timeline import TimelineKind
from shop.payments import gateway
from shop.payments.models import Payment, PaymentState

SESSION_LIFETIME = timedelta(hours=1)
# Stripe takes an expiry from 30 minutes ahead only, so a row older than this cannot be used again.
CREATION_WINDOW = timedelta(minutes=25)


class PaymentNotPossible(Exception):
    """The order needs no payment now; the text says why in words for the buyer."""


def start_payment(order: Order, *, success_url: str, cancel_url: str) -> Payment:
    """An attempt with an address to send the buyer to.

    A double click, a second tab and the back button get the same open session. The row and its idempotency
    key are committed before Stripe is called, so an answer that got lost makes no second session.
    Raises PaymentNotPossible, gateway.PaymentUnavailable and gateway.PaymentRefused; the order stands
    in each case.
    """
    payment = _current_attempt(order.pk)
    if payment.state == PaymentState.OPEN:
        return payment
    session = gateway.create_checkout_session(
        order_code=order.code,
        payment_id=payment.pk,
        amount=payment.amount,
        currency=payment.currency,
        email=order.email,
        expires_at=int(payment.expires_at.timestamp()),
        idempotency_key=str(payment.idempotency_key),
        success_url=success_url,
        cancel_url=cancel_url,
    )
    # A webhook may have been faster: only a row that is still new becomes open.
    Payment.objects.filter(pk=payment.pk, state=PaymentState.CREATED).update(
        state=PaymentState.OPEN, session_id=session.id, url=session.url
    )
    payment.refresh_from_db()
    return payment


@transaction.atomic
def _current_attempt(order_id: int) -> Payment:
    order = lock_order(order_id)
    if order.status != OrderStatus.AWAITING_PAYMENT:
        raise PaymentNotPossible(
            _("Order %(code)s is “%(status)s”; there is nothing to pay.")
            % {"code": order.code, "status": order.get_status_display()}
        )
    now = timezone.now()
    latest = order.payments.order_by("-pk").first()
    if latest and latest.state == PaymentState.PROCESSING:
        raise PaymentNotPossible(_("Your payment is on its way. We write to you as soon as it has arrived."))
    if latest and latest.state == PaymentState.OPEN and latest.expires_at > now:
        return latest
    if latest and latest.state == PaymentState.CREATED and latest.created_at > now - CREATION_WINDOW:
        return latest
    return _new_attempt(order, now)


def _new_attempt(order: Order, now) -> Payment:
    payment = Payment.objects.create(
        order=order,
        idempotency_key=uuid4(),
        amount=order.total_amount,
        currency=order.currency,
        expires_at=now + SESSION_LIFETIME,
    )
    timeline.record(
        order,
        TimelineKind.PAYMENT_STARTED,
        Actor.BUYER,
        data={"amount": payment.amount, "currency": payment.currency, "payment": payment.pk},
    )
    return payment
