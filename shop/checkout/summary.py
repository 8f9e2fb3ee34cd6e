"""What lies in a basket and what it costs now, by the catalogue's rows and nothing else."""

from dataclasses import dataclass, field

from cms.core.money import format_money
from shop.catalogue.models import Package
from shop.checkout.models import Basket, BasketLine


@dataclass(frozen=True)
class BasketItem:
    """One line of a basket, priced from the catalogue."""

    pk: int
    package: Package
    quantity: int
    seen_amount: int
    origin_page_id: int | None

    @property
    def is_available(self) -> bool:
        return self.package.is_available

    @property
    def price_before(self) -> str:
        """The price the reader saw when it differs from today's, else an empty text."""
        if self.seen_amount == self.package.price_amount:
            return ""
        return format_money(self.seen_amount, self.package.currency)

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

    @property
    def sold(self) -> list[BasketItem]:
        return [item for item in self.items if item.is_available]

    @property
    def withdrawn(self) -> list[BasketItem]:
        return [item for item in self.items if not item.is_available]

    @property
    def is_ready(self) -> bool:
        """Whether everything in it can be bought."""
        return bool(self.items) and not self.withdrawn

    @property
    def has_price_changes(self) -> bool:
        return any(item.price_before for item in self.sold)

    @property
    def count(self) -> int:
        return sum(item.quantity for item in self.sold)

    @property
    def people(self) -> int:
        """How many people are tested: person n takes the n-th kit of each line."""
        return max((item.quantity for item in self.sold), default=0)

    @property
    def total(self) -> str:
        amount = sum(item.total_amount for item in self.sold)
        return format_money(amount, self.sold[0].package.currency) if self.sold else ""

    @property
    def prices(self) -> str:
        """What was asked for at which price, to notice that a form shows something older."""
        return ",".join(
            f"{item.package.sku}:{item.quantity}:{item.package.price_amount}" for item in self.sold
        )

    def minimum_age(self, person: int) -> int:
        """The age that the person at this position (from 0) must have reached, in years."""
        return max(
            (item.package.minimum_age for item in self.sold if item.quantity > person),
            default=0,
        )


def summarise(basket: Basket | None) -> BasketSummary:
    """The basket as it stands in this moment, in one query."""
    if basket is None:
        return BasketSummary()
    lines = BasketLine.objects.filter(basket=basket).select_related("package__page")
    return BasketSummary(
        [
            BasketItem(line.pk, line.package, line.quantity, line.seen_amount, line.origin_page_id)
            for line in lines
        ]
    )
