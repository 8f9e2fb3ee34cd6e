"""Alert staff about a payment that needs a person: by mail, and by a case where no other module opens one."""

from django.db import transaction

from shop.cases.actions import open_case, resolve
from shop.cases.models import Case, CaseKind
from shop.mail.outbox import enqueue
from shop.orders import mails
from shop.orders.models import Order
from shop.payments.models import Payment, WebhookEvent
from shop.references import ReferenceKind, build_reference


def alert_staff_about_order(
    order: Order, payment: Payment, reason: str, *, occasion: str, case: CaseKind | None = None
) -> None:
    """Mail staff about an order's payment, once for each payment and occasion; with `case`, open one."""
    if case:
        open_case(
            case,
            reference=order.reference,
            occasion=payment_occasion(payment.pk),
            reason=reason,
            data={"payment": payment.pk, "amount": payment.amount, "currency": payment.currency},
        )
    _mail_staff(
        reference=order.reference,
        occasion=f"{occasion}-{payment.pk}",
        context={
            "reason": reason,
            "object_id": payment.payment_intent_id or payment.session_id or "",
            "order_code": order.code,
            "admin_url": mails.admin_url("orders:inspect", order.pk),
        },
    )


def alert_staff_about_refusal(order: Order, reason: str) -> None:
    """Alert staff that Stripe takes no payment for the order, once for each of its attempts."""
    payment = order.payments.order_by("pk").last()
    if payment:
        with transaction.atomic():
            alert_staff_about_order(order, payment, reason, occasion="refused", case=CaseKind.PAYMENT_REFUSED)


def resolve_refusals(order: Order, outcome: str) -> None:
    """Resolve the cases about payments that Stripe refused. Call it under the order's lock."""
    about = Case.objects.unsolved().filter(reference=order.reference, kind=CaseKind.PAYMENT_REFUSED)
    for occasion in about.values_list("occasion", flat=True):
        resolve(CaseKind.PAYMENT_REFUSED, reference=order.reference, occasion=occasion, outcome=outcome)


def payment_occasion(payment_id: int | None) -> str:
    """Return the occasion of a case about one payment of an order."""
    return f"payment-{payment_id}"


def alert_staff_about_event(event: WebhookEvent) -> None:
    """Mail staff about an event that belongs to no order, once for each event."""
    _mail_staff(
        reference=build_reference(ReferenceKind.EVENT, event.pk),
        occasion="",
        context={
            "reason": event.reason,
            "object_id": event.object_id,
            "order_code": "",
            "admin_url": mails.admin_url("payment-events:inspect", event.pk),
        },
    )


def _mail_staff(*, reference: str, occasion: str, context: dict) -> None:
    recipient = mails.staff_email()
    if recipient:
        enqueue(
            reference=reference,
            kind="payment_attention",
            recipient=recipient,
            context=context,
            occasion=occasion,
        )
