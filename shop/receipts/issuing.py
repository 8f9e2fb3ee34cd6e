"""Issues receipts, corrections and reversals: numbers without a gap, one document for each occasion.

Only rows are written here. The PDF is drawn after the commit, outside every lock (see documents).
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from cms.background import nudge
from cms.core.calendar import site_day
from shop.orders.locks import lock_order
from shop.orders.models import Order
from shop.receipts.contents import receipt_data
from shop.receipts.corrections import Part, correction_data, reversal_data
from shop.receipts.models import Receipt, ReceiptCounter, ReceiptKind
from shop.receipts.tasks import draw_receipt


class OrderIsUnpaid(Exception):
    """There is no receipt before the money is here."""


@transaction.atomic
def issue_receipt(order: Order) -> Receipt:
    """Issue the receipt of a paid order, once, and return it. Raise OrderIsUnpaid."""
    return issue_receipt_under_lock(lock_order(order.pk))


def issue_receipt_under_lock(order: Order) -> Receipt:
    """Do the same for an order that the caller has locked in this transaction."""
    if order.paid_at is None:
        raise OrderIsUnpaid(order.code)
    existing = order.receipts.filter(kind=ReceiptKind.RECEIPT).first()
    return existing or _issue(order, ReceiptKind.RECEIPT, receipt_data(order))


@transaction.atomic
def issue_correction(
    order: Order, refunded_amount: int, occasion: str, parts: Sequence[Part] = ()
) -> Receipt | None:
    """Issue the document that takes back a part of the order's receipt, once for each occasion; return it.

    Amounts are in minor units. The parts of lines are named in it when they are all that it takes back. No
    more is taken back than the receipt was for: money that was paid twice and returned was never receipted.
    Return None when nothing is left. Raise OrderIsUnpaid.
    """
    order = lock_order(order.pk)
    receipt = issue_receipt_under_lock(order)
    if existing := order.receipts.filter(kind=ReceiptKind.CORRECTION, occasion=occasion).first():
        return existing
    earlier = _corrections(order)
    amount = min(refunded_amount, receipt.data["total_amount"] - _total(earlier))
    if amount <= 0:
        return None
    if sum(part.amount for part in parts) != amount:
        parts = ()
    data = correction_data(order, receipt.data, earlier, amount=amount, parts=parts)
    return _issue(order, ReceiptKind.CORRECTION, data, occasion=occasion, corrects=receipt)


@transaction.atomic
def issue_reversal(order: Order, occasion: str) -> Receipt | None:
    """Issue the document that takes back the correction of this occasion, whose refund failed, once.

    None when there was no correction.
    """
    order = lock_order(order.pk)
    correction = order.receipts.filter(kind=ReceiptKind.CORRECTION, occasion=occasion).first()
    if correction is None:
        return None
    failure = f"{occasion}-failed"
    if existing := order.receipts.filter(kind=ReceiptKind.REVERSAL, occasion=failure).first():
        return existing
    data = reversal_data(correction.data)
    return _issue(order, ReceiptKind.REVERSAL, data, occasion=failure, corrects=correction)


def corrected_amount(order: Order) -> int:
    """Return what corrections have taken back of the order's receipt and still do, in minor units."""
    return _total(_corrections(order))


def _corrections(order: Order) -> list[dict]:
    """Return the contents of the corrections until now, and of the reversals, whose amounts are negative."""
    return list(order.receipts.exclude(kind=ReceiptKind.RECEIPT).values_list("data", flat=True))


def _total(contents: list[dict]) -> int:
    return sum(data["total_amount"] for data in contents)


def _issue(
    order: Order, kind: ReceiptKind, data: dict, *, occasion: str = "", corrects: Receipt | None = None
) -> Receipt:
    now = timezone.now()
    receipt = Receipt.objects.create(
        order=order,
        number=_next_number(site_day(now).year),
        kind=kind,
        occasion=occasion,
        corrects=corrects,
        issued_at=now,
        data=data,
    )
    nudge(draw_receipt, receipt.pk)  # without the worker it is drawn when somebody asks for it
    return receipt


def _next_number(year: int) -> str:
    """Return the year's next number. The counter is locked until the commit; a rollback frees the number."""
    ReceiptCounter.objects.get_or_create(year=year)
    counter = ReceiptCounter.objects.select_for_update().get(year=year)
    counter.last_number += 1
    counter.save(update_fields=["last_number"])
    return str(counter)
