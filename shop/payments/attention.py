"""Tells staff by mail of a payment that needs a person."""

from django.conf import settings

from shop.mail.outbox import enqueue
from shop.orders import mails
from shop.orders.models import Order
from shop.payments.models import Payment, WebhookEvent


def tell_staff_of_order(order: Order, payment: Payment, reason: str, *, occasion: str) -> None:
    """About an order's payment; once for each payment and occasion."""
    _tell(
        reference=order.reference,
        occasion=f"{occasion}-{payment.pk}",
        context={
            "reason": reason,
            "object_id": payment.payment_intent_id or payment.session_id or "",
            "order_code": order.code,
            "admin_url": mails.admin_url(order),
        },
    )


def tell_staff_of_event(event: WebhookEvent) -> None:
    """About an event that belongs to no order; once for each event."""
    _tell(
        reference=f"event:{event.pk}",
        occasion="",
        context={
            "reason": event.reason,
            "object_id": event.object_id,
            "order_code": "",
            "admin_url": f"{settings.WAGTAILADMIN_BASE_URL}/admin/payment-events/inspect/{event.pk}/",
        },
    )


def _tell(*, reference: str, occasion: str, context: dict) -> None:
    recipient = mails.staff_email()
    if recipient:
        enqueue(
            reference=reference,
            kind="payment_attention",
            recipient=recipient,
            context=context,
            occasion=occasion,
        )
