"""What an order is of, for who has shown that it is theirs."""

from dataclasses import dataclass
from itertools import groupby

from cms.core.money import format_money
from shop.orders.models import Kit, Order, OrderLine


@dataclass(frozen=True)
class BoughtKit:
    """Whose kit it is, and whether it is void because its money goes back."""

    name: str
    is_void: bool


@dataclass(frozen=True)
class BoughtLine:
    """One package with the people whom it is for."""

    name: str
    kits: list[BoughtKit]
    price: str
    total: str


@dataclass(frozen=True)
class Bought:
    """The lines as they were bought, and what they came to."""

    lines: list[BoughtLine]
    discount: str  # empty without one
    total: str


def bought_of(order: Order) -> Bought:
    """Return the order's snapshot in words, in one query. Only for a browser that has confirmed the order."""
    kits = Kit.objects.filter(line__order=order).select_related("line", "person")
    by_line = groupby(kits.order_by("line", "person__position"), key=lambda kit: kit.line)
    return Bought(
        lines=[_line(line, [_kit(kit) for kit in of_line], order.currency) for line, of_line in by_line],
        discount=order.discount if order.discount_amount else "",
        total=order.total,
    )


def _line(line: OrderLine, kits: list[BoughtKit], currency: str) -> BoughtLine:
    return BoughtLine(
        name=line.name,
        kits=kits,
        price=format_money(line.unit_amount, currency),
        total=format_money(line.total_amount, currency),
    )


def _kit(kit: Kit) -> BoughtKit:
    return BoughtKit(name=kit.person.name, is_void=kit.voided_at is not None)
