"""What orders hold of a limited stock and of a code's uses, against the orders."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from shop.audit.orders import PAID
from shop.audit.rules import Finding, Rule, order_of
from shop.catalogue.models import StockReservation
from shop.discounts.models import DiscountUse, UseState
from shop.orders.models import Order, OrderLine, OrderStatus
from shop.references import ReferenceKind, name_expression, reference_expression, reference_prefix

ORDER_CODE = name_expression(ReferenceKind.ORDER, "order_reference")
# What an order's status makes of the use of its code.
USES = (
    (Q(status=OrderStatus.AWAITING_PAYMENT), UseState.RESERVED),
    (Q(status__in=PAID), UseState.USED),
    (Q(status=OrderStatus.CANCELLED), UseState.GIVEN_BACK),
)


def stock_reservations(now: datetime) -> Iterator[Finding]:
    """Check that only an order that can be cancelled holds stock, and as much as is in its lines."""
    ordered = OrderLine.objects.filter(order__code=OuterRef("order_code"), package=OuterRef("package"))
    reservations = StockReservation.objects.order_by().annotate(
        order_code=ORDER_CODE,
        status=Subquery(Order.objects.filter(code=OuterRef("order_code")).values("status")[:1]),
        total=Subquery(Order.objects.filter(code=OuterRef("order_code")).values("total_amount")[:1]),
        ordered=Subquery(ordered.values("quantity")[:1]),
    )
    can_be_cancelled = Q(status=OrderStatus.AWAITING_PAYMENT) | Q(status=OrderStatus.PAID, total=0)
    holding = can_be_cancelled & Q(ordered=F("quantity"))
    wrong = reservations.filter(~holding | Q(status=None) | Q(ordered=None))
    names = ("order_code", "package__sku", "quantity", "ordered", "status")
    for code, sku, quantity, wanted, status in wrong.values_list(*names).iterator():
        yield Finding(
            order_of(code), f"{status or 'gone'}: it holds {quantity} of {sku}, {wanted or 0} are ordered"
        )


def uses_of_codes(now: datetime) -> Iterator[Finding]:
    """Check that each order with a code has one use, as its status makes it; an erased one's names nobody."""
    with_code = Order.objects.filter(discount_amount__gt=0, erased_at=None).order_by()
    for status, state in USES:
        use = DiscountUse.objects.filter(
            order_reference=reference_expression(ReferenceKind.ORDER, OuterRef("code")), state=state
        )
        for code in with_code.filter(status, ~Exists(use)).values_list("code", flat=True).iterator():
            yield Finding(order_of(code), f"its discount code has no use that is {state}")
    uses = DiscountUse.objects.filter(
        order_reference__startswith=reference_prefix(ReferenceKind.ORDER)
    ).annotate(order_code=ORDER_CODE)
    discounted = Order.objects.filter(code=OuterRef("order_code"), discount_amount__gt=0)
    for code, word in uses.filter(~Exists(discounted)).values_list("order_code", "code__code").iterator():
        yield Finding(order_of(code), f"a use of {word}, but no discount in it")


RULES = (
    Rule(
        "stock-reservations",
        _("Stock is held for nobody"),
        "correct “left in stock” of the package by this number, then delete the reservation",
        stock_reservations,
    ),
    Rule(
        "uses-of-codes",
        _("A discount code was counted wrongly"),
        "set the use's state as the order's status asks: reserved, used or given back",
        uses_of_codes,
    ),
)
