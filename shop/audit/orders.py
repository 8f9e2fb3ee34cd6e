"""Orders against their lines and their timeline, and against each other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Window,
)
from django.db.models.functions import Lag
from django.utils.translation import gettext_lazy as _

from cms.core.currencies import CURRENCIES
from shop.audit.rules import Finding, Rule, order_of
from shop.orders.models import Order, OrderLine, OrderStatus, TimelineEntry
from shop.orders.timeline import MONEY_TO_RETURN, TimelineKind
from shop.payments.models import Payment
from shop.payments.order_states import ShownState, with_shown_state

PAID = (OrderStatus.PAID, OrderStatus.DISPATCHED)
ONCE = (TimelineKind.PLACED, TimelineKind.PAID, TimelineKind.NOTHING_TO_PAY, TimelineKind.CANCELLED)
# What a status leaves in the timeline; a dispatched order has been paid before, or was free.
TRACES = {
    OrderStatus.PAID: (TimelineKind.PAID,),
    OrderStatus.DISPATCHED: (TimelineKind.PAID, TimelineKind.DISPATCHED),
    OrderStatus.CANCELLED: (TimelineKind.CANCELLED,),
}
# Two orders of one form come within moments; who orders the same for the same people later means it.
DOUBLE_WITHIN = timedelta(minutes=10)
# Two such orders are looked at more closely in groups of so many.
CHUNK = 500
MONEY_GONE = (ShownState.REFUNDED, ShownState.CHARGED_BACK, ShownState.DISPATCHED_UNPAID)
GROSS = ExpressionWrapper(F("unit_amount") * F("quantity"), output_field=BigIntegerField())


def sums_of_lines(now: datetime) -> Iterator[Finding]:
    """Check that an order's total is what its lines cost less their discounts, which are the order's."""
    lines = OrderLine.objects.order_by().values(
        "order__code", "order__total_amount", "order__discount_amount"
    )
    sums = lines.annotate(gross=Sum(GROSS), off=Sum("discount_amount"))
    agreeing = Q(off=F("order__discount_amount"), gross=F("order__total_amount") + F("off"))
    for row in sums.filter(~agreeing).iterator():
        yield Finding(
            order_of(row["order__code"]),
            f"total {row['order__total_amount']} and discount {row['order__discount_amount']}, "
            f"but its lines say {row['gross'] - row['off']} and {row['off']}",
        )
    for code in Order.objects.filter(lines=None).values_list("code", flat=True).iterator():
        yield Finding(order_of(code), "has no line")


def amounts_of_lines(now: datetime) -> Iterator[Finding]:
    """Check that no line is negative or bears more tax than it costs, and amounts exist in their currency."""
    lines = OrderLine.objects.annotate(gross=GROSS).select_related("order").order_by("pk")
    overdrawn = Q(discount_amount__gt=F("gross")) | Q(tax_amount__gt=F("gross") - F("discount_amount"))
    for line in lines.filter(overdrawn).iterator():
        yield _line(line)
    steps = defaultdict(list)
    for currency in CURRENCIES.values():
        steps[currency.step].append(currency.code)
    for step, codes in steps.items():
        rest = F("unit_amount") % step + F("discount_amount") % step + F("tax_amount") % step
        if step > 1:
            for line in lines.filter(order__currency__in=codes).annotate(rest=rest).filter(rest__gt=0):
                yield _line(line)


def _line(line: OrderLine) -> Finding:
    return Finding(
        order_of(line.order.code),
        f"line {line.pk}: {line.unit_amount} × {line.quantity} less {line.discount_amount}, "
        f"{line.tax_amount} of it tax, in {line.order.currency}",
    )


def statuses(now: datetime) -> Iterator[Finding]:
    """Check that an order's status, time of payment and timeline say the same, and nothing happened twice."""
    for row in Order.objects.filter(Q(status__in=PAID) & Q(paid_at=None)).values("code", "status").iterator():
        yield Finding(order_of(row["code"]), f"{row['status']}, but it has no day of payment")
    early = Order.objects.exclude(status__in=PAID).exclude(paid_at=None)
    for row in early.values("code", "status").iterator():
        yield Finding(order_of(row["code"]), f"{row['status']}, but it has a day of payment")
    for kind, orders in _without_trace():
        for row in orders.values("code", "status").iterator():
            yield Finding(order_of(row["code"]), f"{row['status']}, but its timeline has no “{kind}”")
    repeated = (
        TimelineEntry.objects.filter(kind__in=ONCE)
        .order_by()
        .values("order__code", "kind")
        .annotate(times=Count("pk"))
        .filter(times__gt=1)
    )
    for code, kind, times in repeated.values_list("order__code", "kind", "times").iterator():
        yield Finding(order_of(code), f"“{kind}” stands {times} times in its timeline")


def _without_trace() -> Iterator[tuple[str, QuerySet[Order]]]:
    yield TimelineKind.PLACED, _lacking(Order.objects.all(), TimelineKind.PLACED)
    for status, kinds in TRACES.items():
        orders = Order.objects.filter(status=status)
        for kind in kinds:
            if kind != TimelineKind.PAID:
                yield kind, _lacking(orders, kind)
                continue
            yield kind, _lacking(orders.filter(total_amount__gt=0), kind)
            free = TimelineKind.NOTHING_TO_PAY
            yield free, _lacking(orders.filter(total_amount=0), free)


def _lacking(orders: QuerySet[Order], kind: str) -> QuerySet[Order]:
    return orders.filter(~Exists(TimelineEntry.objects.filter(order=OuterRef("pk"), kind=kind)))


def settled_once(now: datetime) -> Iterator[Finding]:
    """Check that each payment is in the timeline as money that arrived once: paid, or too much."""
    entries = TimelineEntry.objects.filter(kind__in=[*MONEY_TO_RETURN, TimelineKind.PAID])
    named = entries.filter(data__has_key="payment").order_by()
    for row in named.values("order__code", "data__payment").annotate(times=Count("pk")).filter(times__gt=1):
        yield Finding(
            order_of(row["order__code"]), f"payment {row['data__payment']} was settled {row['times']} times"
        )


def double_orders(now: datetime) -> Iterator[Finding]:
    """Check that no two orders of one basket or buyer, alike and within minutes, are paid or open."""
    # Nobody knows any more whose an erased order was.
    standing = Order.objects.exclude(status=OrderStatus.CANCELLED).filter(erased_at=None)
    of_one_buyer = _soon_after_another(standing, "email")
    of_one_basket = _soon_after_another(standing.exclude(basket_key=None), "basket_key")
    ids = sorted({*of_one_buyer, *of_one_basket})
    for start in range(0, len(ids), CHUNK):
        yield from _doubles(ids[start : start + CHUNK])


def _soon_after_another(orders: QuerySet[Order], field: str) -> Iterable[int]:
    """Return the orders that came moments after another with the same value, found by sorting once."""
    before = Window(Lag("created_at"), partition_by=[F(field)], order_by=["created_at", "pk"])
    soon = orders.order_by().annotate(before=before).filter(before__gte=F("created_at") - DOUBLE_WITHIN)
    return soon.values_list("pk", flat=True)


def _doubles(later_ids: list[int]) -> Iterator[Finding]:
    later = Order.objects.filter(pk__in=later_ids)
    for order in _paid_or_open(later).prefetch_related("lines", "people").order_by("pk"):
        same = Q(email=order.email)
        if order.basket_key is not None:
            same |= Q(basket_key=order.basket_key)
        candidates = Order.objects.filter(
            same,
            pk__lt=order.pk,
            total_amount=order.total_amount,
            created_at__gte=order.created_at - DOUBLE_WITHIN,
        )
        for other in _paid_or_open(candidates).prefetch_related("lines", "people"):
            if _contents(other) == _contents(order):
                yield Finding(order_of(order.code), f"the same as order {other.code}, moments later")


def _paid_or_open(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Return those that the buyer has paid for, and those that wait on a payment page at this moment.

    Who leaves that page and begins anew leaves an unpaid order behind, which ends by itself. An order whose
    money has all gone back is none any more.
    """
    attempts = Payment.objects.unfinished().filter(order=OuterRef("pk"))
    is_open = Q(status=OrderStatus.AWAITING_PAYMENT) & Exists(attempts)
    is_paid = Q(status__in=PAID) & ~Q(("shown_state__in", MONEY_GONE))
    return with_shown_state(orders).filter(is_open | is_paid)


def _contents(order: Order) -> tuple:
    """Return what was ordered for whom."""
    lines = sorted((line.sku, line.quantity) for line in order.lines.all())
    people = sorted((person.name, str(person.date_of_birth)) for person in order.people.all())
    return lines, people


RULES = (
    Rule(
        "sums-of-orders",
        _("An order's total is not the sum of its lines"),
        "compare the receipt and the payment; correct the row that differs from both",
        sums_of_lines,
    ),
    Rule(
        "amounts-of-lines",
        _("An order's line has an impossible amount"),
        "compare the receipt; correct discount or tax of the line",
        amounts_of_lines,
    ),
    Rule(
        "statuses",
        _("An order's status and its timeline differ"),
        "look at the order's payments and parcels; the status that they show is the true one",
        statuses,
    ),
    Rule(
        "settled-once",
        _("A payment was settled twice"),
        "compare the order's payments with Stripe's dashboard; return what is too much",
        settled_once,
    ),
    Rule(
        "double-orders",
        _("An order was placed twice"),
        "ask the buyer; cancel the one that is not paid or was free, or return the money of one",
        double_orders,
    ),
)
