"""Alert staff about a payment that needs a person: by a case and by mail."""

from datetime import datetime

from django.db import transaction

from shop.cases.actions import open_case, resolve_all
from shop.cases.models import Case, CaseKind
from shop.mail.outbox import enqueue
from shop.orders import mails
from shop.orders.models import Order
from shop.payments.models import Payment, WebhookEvent
from shop.references import ReferenceKind, build_reference


def open_case_and_alert(
    kind: CaseKind,
    order: Order,
    payment: Payment,
    reason: str,
    *,
    occasion: str = "",
    data: dict | None = None,
    due_at: datetime | None = None,
    by_mail: bool = True,
) -> Case:
    """Open a case about an order's payment and mail staff about it; return the case.

    There is one case and one mail for each occasion; without one, for each payment. Call it in the
    transaction that makes it necessary.
    """
    case = open_case(
        kind,
        reference=order.reference,
        occasion=occasion or payment_occasion(payment.pk),
        reason=reason,
        data={"payment": payment.pk, **(data or {"amount": payment.amount, "currency": payment.currency})},
        due_at=due_at,
    )
    if by_mail:
        _mail_staff(
            reference=order.reference,
            occasion=f"{occasion or kind}-{payment.pk}",
            context={
                "reason": reason,
                "object_id": payment.payment_intent_id or payment.session_id or "",
                "order_code": order.code,
                "admin_url": mails.admin_url("orders:inspect", order.pk),
            },
        )
    return case


def alert_staff_about_refusal(order: Order, reason: str) -> None:
    """Alert staff that Stripe takes no payment for the order, once for each of its attempts."""
    payment = order.payments.order_by("pk").last()
    if payment:
        with transaction.atomic():
            open_case_and_alert(CaseKind.PAYMENT_REFUSED, order, payment, reason)


def resolve_refusals(order: Order, outcome: str) -> None:
    """Resolve the cases about payments that Stripe refused. Call it under the order's lock."""
    resolve_all(CaseKind.PAYMENT_REFUSED, reference=order.reference, outcome=outcome)


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
