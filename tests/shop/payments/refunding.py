"""What the tests of refunds say often."""

from datetime import timedelta

from django.utils import timezone

from cms.users.models import User
from shop.mail.models import OutboxMail
from shop.orders.models import Order, OrderLine
from shop.payments.ledger import ledger_of
from shop.payments.models import Cause, Payment, Refund
from shop.payments.refund_requests import RefundRequest, request_refund
from shop.payments.refunded_kits import refunded_kit_ids
from shop.payments.settling.sessions import settle_session
from shop.receipts.models import ReceiptKind
from tools.stripe_standin.disputes import status_fields

CREATED, UPDATED, FAILED, CHARGE = "refund.created", "refund.updated", "refund.failed", "charge.refunded"


def yesterday():
    return timezone.now() - timedelta(days=1)


def pay(standin, payment: Payment) -> Payment:
    standin.pay(payment.session_id)
    settle_session(payment.session_id, Cause.WEBHOOK)
    payment.refresh_from_db()
    return payment


def give_back(order: Order, user: User, amount: int | None = None, **fields) -> Refund:
    return request_refund(order, RefundRequest(reason="Asked for it", amount=amount, **fields), user=user)


def kits_of(line: OrderLine, count: int = 1) -> list[int]:
    """So many of a line's kits whose money is with the shop."""
    named = refunded_kit_ids(line.order)
    return [kit.pk for kit in line.kits.all() if kit.pk not in named][:count]


def refund_mails():
    return OutboxMail.objects.filter(kind="order_refunded")


def kept(order: Order) -> int:
    return ledger_of(Order.objects.get(pk=order.pk)).kept


def books(standin) -> int:
    return standin.books()["totals"]["usd"]["net"]


def standing(order: Order) -> list[str]:
    return [hold.kind for hold in order.holds.standing()]


def written(order: Order) -> list[str]:
    return [entry.kind for entry in order.timeline.all() if entry.kind.startswith("refund")]


def corrections(order: Order) -> list[int]:
    return _sums(order, ReceiptKind.CORRECTION)


def reversals(order: Order) -> list[int]:
    return _sums(order, ReceiptKind.REVERSAL)


def _sums(order: Order, kind: str) -> list[int]:
    return [row.data["total_amount"] for row in order.receipts.filter(kind=kind)]


def give_status(standin, dispute: dict, status: str, **more) -> None:
    """Give the dispute a status, for which the stand-in has no button."""
    with standin.store.transaction():
        standin.store.change(
            {**standin.store.find("dispute", dispute["id"]), **status_fields(status), **more}
        )
