"""Receipts, corrections and reversals: numbers without a gap, and sums that are the order's."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import BigIntegerField, Count, Exists, IntegerField, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Cast, Coalesce, Substr
from django.utils.translation import gettext_lazy as _

from shop.audit.orders import PAID
from shop.audit.rules import Finding, Rule, order_of
from shop.orders.models import Order, OrderLine
from shop.payments.models import Payment, PaymentState
from shop.payments.models.refunds import Refund, RefundState
from shop.receipts.models import Receipt, ReceiptCounter, ReceiptKind

CHUNK = 1000
YEAR_DIGITS, NUMBER_FROM = 4, 6  # 2026-000001


def receipt_numbers(now: datetime) -> Iterator[Finding]:
    """Check that a year's documents are numbered from 1 without a gap, up to where its counter stands."""
    years = Receipt.objects.order_by().annotate(
        year=Cast(Substr("number", 1, YEAR_DIGITS), IntegerField()),
        running=Cast(Substr("number", NUMBER_FROM), IntegerField()),
    )
    counters = dict(ReceiptCounter.objects.values_list("year", "last_number"))
    for row in years.values("year").annotate(documents=Count("pk"), last=Max("running")):
        if not row["documents"] == row["last"] == counters.get(row["year"]):
            yield Finding(
                f"receipts of {row['year']}",
                f"{row['documents']} documents, the last is {row['last']}, the counter stands at "
                f"{counters.get(row['year'])}",
            )


def paid_orders_have_receipts(now: datetime) -> Iterator[Finding]:
    """Check that whoever paid has a receipt; nobody else has."""
    receipts = Receipt.objects.filter(order=OuterRef("pk"), kind=ReceiptKind.RECEIPT)
    orders = Order.objects.order_by().values_list("code", flat=True)
    for code in orders.filter(~Exists(receipts), status__in=PAID, total_amount__gt=0).iterator():
        yield Finding(order_of(code), "paid without a receipt")
    for code in orders.filter(Exists(receipts)).exclude(status__in=PAID).iterator():
        yield Finding(order_of(code), "it has a receipt and is not paid")


def sums_of_documents(now: datetime) -> Iterator[Finding]:
    """Check that each document's taxes add up to its total, and a receipt agrees with its order and lines."""
    tax = (
        OrderLine.objects.filter(order=OuterRef("order"))
        .order_by()
        .values("order")
        .annotate(sum=Sum("tax_amount"))
    )
    documents = Receipt.objects.order_by("pk").annotate(tax=Coalesce(Subquery(tax.values("sum")), 0))
    rows = documents.values_list("number", "kind", "data", "order__code", "order__total_amount", "tax")
    for number, kind, data, code, total, lines_tax in rows.iterator(chunk_size=CHUNK):
        stated = data["total_amount"]
        gross = sum(part["gross_amount"] for part in data["taxes"])
        stated_tax = sum(part["tax_amount"] for part in data["taxes"])
        if gross != stated:
            yield Finding(order_of(code), f"{number} is over {stated}, its taxes are of {gross}")
        if kind == ReceiptKind.RECEIPT and (stated, stated_tax) != (total, lines_tax):
            yield Finding(
                order_of(code),
                f"{number} is over {stated} with {stated_tax} of tax, the order {total} with {lines_tax}",
            )


def corrections(now: datetime) -> Iterator[Finding]:
    """Check that a receipt's corrections have taken back what has gone back of the order's money."""
    paid = Payment.objects.filter(order=OuterRef("pk"), state=PaymentState.SUCCEEDED)
    returned = Refund.objects.filter(
        payment__order=OuterRef("pk"), payment__state=PaymentState.SUCCEEDED, state=RefundState.SUCCEEDED
    )
    touched = Q(Exists(returned)) | Q(
        Exists(Receipt.objects.filter(order=OuterRef("pk")).exclude(kind=ReceiptKind.RECEIPT))
    )
    orders = Order.objects.filter(touched, status__in=PAID).annotate(
        paid=_sum(paid, "order"), returned=_sum(returned, "payment__order")
    )
    rows = orders.order_by("pk").values_list("pk", "code", "total_amount", "paid", "returned")
    chunk: list[tuple] = []
    for row in rows.iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield from _corrections_of(chunk)
            chunk = []
    yield from _corrections_of(chunk)


def _corrections_of(orders: list[tuple]) -> Iterator[Finding]:
    corrected: dict[int, int] = {}
    documents = Receipt.objects.filter(order__in=[row[0] for row in orders]).exclude(kind=ReceiptKind.RECEIPT)
    for order_id, data in documents.order_by().values_list("order", "data"):
        corrected[order_id] = corrected.get(order_id, 0) + data["total_amount"]
    for order_id, code, total, paid, returned in orders:
        expected = total - min(total, paid - returned)
        if corrected.get(order_id, 0) != expected:
            yield Finding(
                order_of(code),
                f"{returned} of {paid} went back, so its receipt is to be corrected by {expected}; "
                f"its corrections take back {corrected.get(order_id, 0)}",
            )


def _sum(rows, field: str) -> Coalesce:
    one = rows.order_by().values(field).annotate(sum=Sum("amount")).values("sum")
    return Coalesce(Subquery(one, output_field=BigIntegerField()), 0)


RULES = (
    Rule(
        "receipt-numbers",
        _("A receipt's number is missing"),
        "look for it in the backups; a number must never be given again",
        receipt_numbers,
    ),
    Rule(
        "receipts-of-orders",
        _("An order and its receipt differ"),
        "`issue_receipt` makes a missing one; one too many is taken back by a correction",
        paid_orders_have_receipts,
    ),
    Rule(
        "sums-of-documents",
        _("A receipt's sums do not add up"),
        "take the receipt back by a correction and issue another; a document is never changed",
        sums_of_documents,
    ),
    Rule(
        "corrections",
        _("A receipt is not corrected by what went back"),
        "compare the refunds with Stripe's dashboard; `issue_correction` makes a missing one",
        corrections,
    ),
)
