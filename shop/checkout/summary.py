"""What lies in a basket and what it costs now, by the catalogue's rows and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef

from cms.core.money import format_money
from shop.catalogue import stock
from shop.catalogue.models import Package, SuitableSex
from shop.checkout.models import Basket, BasketLine
from shop.discounts import reserving
from shop.discounts.reserving import CodeRefused, PricedLine, Quote
from shop.orders.models import Order, OrderStatus


@dataclass(frozen=True)
class BasketItem:
    """One line of a basket, priced from the catalogue."""

    pk: int
    package: Package
    quantity: int
    seen_amount: int
    seen_currency: str
    origin_page_id: int | None
    # What the basket's own unpaid order holds: it is given back before another order takes any.
    held: int = 0
    is_available: bool = True  # whether it can be bought at all

    @property
    def left(self) -> int | None:
        """How many this basket can have; None for any number."""
        quantity = self.package.stock_quantity
        return None if quantity is None else quantity + self.held

    @property
    def is_short(self) -> bool:
        """Still sold, but fewer are left than are asked for."""
        return self.is_available and self.left is not None and self.left < self.quantity

    @property
    def price_before(self) -> str:
        """The price the reader saw when it differs from today's, else an empty text."""
        if (self.seen_amount, self.seen_currency) == (self.package.price_amount, self.package.currency):
            return ""
        return format_money(self.seen_amount, self.seen_currency)

    @property
    def total_amount(self) -> int:
        """Minor units."""
        return self.package.price_amount * self.quantity

    @property
    def total(self) -> str:
        return format_money(self.total_amount, self.package.currency)


@dataclass(frozen=True)
class BasketSummary:
    """A basket as its pages show it. Withdrawn packages are listed but not counted."""

    items: list[BasketItem] = field(default_factory=list)
    discount_code: str = ""  # what the reader typed
    discount: Quote | None = None  # what it gives now
    discount_problem: str = ""  # why it gives nothing, in words for the reader

    @property
    def sold(self) -> list[BasketItem]:
        return [item for item in self.items if item.is_available]

    @property
    def withdrawn(self) -> list[BasketItem]:
        return [item for item in self.items if not item.is_available]

    @property
    def is_ready(self) -> bool:
        """Whether everything in it can be bought."""
        return bool(self.items) and not self.withdrawn and not self.short and not self.has_mixed_currencies

    @property
    def has_mixed_currencies(self) -> bool:
        """Whether it cannot be paid at once, because its packages are priced in different currencies."""
        return len({item.package.currency for item in self.sold}) > 1

    @property
    def short(self) -> list[BasketItem]:
        """What is sold out, or cannot be had for so many people."""
        return [item for item in self.items if item.is_short]

    @property
    def has_price_changes(self) -> bool:
        return any(item.price_before for item in self.sold)

    @property
    def count(self) -> int:
        return sum(item.quantity for item in self.sold)

    @property
    def needs_review(self) -> bool:
        """Whether there is more than one kit, so that it could go to the wrong person."""
        return self.count > 1

    @property
    def asks_who_takes_what(self) -> bool:
        """Whether the quantities leave that open: with one kind of health check each person takes one."""
        return len(self.sold) > 1

    @property
    def fewest_people(self) -> int:
        """How many people are tested at least: nobody takes a check twice, or checks for both sexes."""
        most = {
            sex: max((item.quantity for item in self.sold if item.package.suitable_sex == sex), default=0)
            for sex in SuitableSex
        }
        return max(most[SuitableSex.ANY], most[SuitableSex.FEMALE] + most[SuitableSex.MALE])

    @property
    def most_people(self) -> int:
        """How many people are tested when nobody takes two different checks."""
        return self.count

    @property
    def subtotal(self) -> str:
        """What the lines cost before the discount."""
        return self._money(sum(item.total_amount for item in self.sold))

    @property
    def discount_amount(self) -> int:
        """Minor units."""
        return self.discount.amount if self.discount else 0

    @property
    def discount_text(self) -> str:
        return self._money(self.discount_amount)

    @property
    def total_amount(self) -> int:
        """Minor units, after the discount."""
        return sum(item.total_amount for item in self.sold) - self.discount_amount

    @property
    def is_free(self) -> bool:
        """Whether a code takes everything off, so that nothing is to be paid."""
        return bool(self.sold) and not self.total_amount

    @property
    def total(self) -> str:
        return self._money(self.total_amount)

    @property
    def prices(self) -> str:
        """What was asked for at which price and discount, to notice that a form shows something older."""
        parts = [
            f"{item.package.sku}:{item.quantity}:{item.package.price_amount}{item.package.currency}"
            for item in self.sold
        ]
        if self.discount:
            parts.append(f"{self.discount.code.code}:{self.discount.amount}")
        return ",".join(parts)

    def _money(self, amount: int) -> str:
        return format_money(amount, self.sold[0].package.currency) if self.sold else ""


def summarise(basket: Basket | None) -> BasketSummary:
    """Return the basket as it is now, in one query, and a few more for a code or a limited stock."""
    if basket is None:
        return BasketSummary()
    items = _items(basket)
    if not basket.discount_code:
        return BasketSummary(items)
    try:
        discount = quote_for(basket, basket.discount_code, items)
    except CodeRefused as refusal:
        return BasketSummary(items, basket.discount_code, discount_problem=str(refusal))
    return BasketSummary(items, basket.discount_code, discount)


def count(basket: Basket | None) -> int:
    """Return for how many kits the basket is, in one query."""
    return BasketSummary(_items(basket)).count if basket else 0


def quote_for(basket: Basket, code: str, items: Sequence[BasketItem]) -> Quote | None:
    """Return what a code would give for these items; None while they cannot be bought. Raise CodeRefused."""
    sold = [item for item in items if item.is_available]
    if not sold or BasketSummary(list(items)).has_mixed_currencies:
        return None
    own = _own_order(basket)
    return reserving.quote(
        code,
        [PricedLine(item.package.pk, item.total_amount) for item in sold],
        sold[0].package.currency,
        own_reference=own.reference if own else "",
    )


def _items(basket: Basket) -> list[BasketItem]:
    is_sold = Exists(Package.objects.sold().filter(pk=OuterRef("package")))
    lines = list(
        BasketLine.objects.filter(basket=basket).select_related("package__page").annotate(is_sold=is_sold)
    )
    own = _own_order(basket)
    is_limited = any(line.package.stock_quantity is not None for line in lines)
    held = stock.held_by(own.reference) if own and is_limited else {}
    return [
        BasketItem(
            line.pk,
            line.package,
            line.quantity,
            line.seen_amount,
            line.seen_currency,
            line.origin_page_id,
            held.get(line.package_id, 0),
            line.is_sold,
        )
        for line in lines
    ]


def _own_order(basket: Basket) -> Order | None:
    """Return the order that the basket became, while it is unpaid: it is replaced when something changes."""
    order = basket.order
    return order if order and order.status == OrderStatus.AWAITING_PAYMENT else None
