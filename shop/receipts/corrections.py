"""What stands in a correction of a receipt and in the reversal of one, as plain values.

What is left of a receipt is what it says less what its corrections took back, rate by rate. No correction
takes more of a rate than that, so the corrections of a whole refund add up to the receipt, to the last unit.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cms.core.currencies import Currency, currency_of
from shop.catalogue.tax import included_tax
from shop.orders.models import Order, OrderLine
from shop.receipts.contents import parties, rate_text

LINE_FIGURES = ("quantity", "total_amount", "amount", "tax_amount")
TAX_FIGURES = ("gross_amount", "tax_amount")


@dataclass(frozen=True)
class Part:
    """So many of an order's line are given back, for this amount after its discount, in minor units."""

    line: OrderLine
    quantity: int
    amount: int


@dataclass
class Rate:
    """What a tax rate has in the receipt, and what the corrections take of it, in minor units."""

    currency: Currency
    gross_amount: int
    tax_amount: int
    gross_before: int = 0
    tax_before: int = 0
    gross_now: int = 0
    tax_now: int = 0

    @property
    def gross_left(self) -> int:
        return self.gross_amount - self.gross_before - self.gross_now

    @property
    def tax_left(self) -> int:
        return self.tax_amount - self.tax_before - self.tax_now

    def take(self, amount: int, tax: int | None = None) -> None:
        """Take so much, at most all that is left. The last of a rate takes the rest of its tax.

        A tax that is not given is what the rate's own running sum holds beyond what was stated before.
        """
        gross = min(amount, self.gross_left)
        if tax is None or gross == self.gross_left:
            reached = self.gross_before + self.gross_now + gross
            part = _part(self.tax_amount, reached, self.gross_amount, self.currency)
            tax = part - self.tax_before - self.tax_now
        self.tax_now += max(0, min(tax, self.tax_left))
        self.gross_now += gross


def correction_data(
    order: Order, original: dict, earlier: Sequence[dict], *, amount: int, parts: Sequence[Part] = ()
) -> dict:
    """Return the content of a correction by this amount, after these earlier ones.

    Parts of lines bear their lines' own tax. What belongs to no line is spread over the rates in proportion
    to what each has left.
    """
    currency = currency_of(order.currency)
    lines = [_line(part, earlier, currency) for part in parts]
    rates = _rates(original, earlier, currency)
    for part, line in zip(parts, lines, strict=True):
        rates[rate_text(part.line.tax_rate)].take(part.amount, line["tax_amount"])
    # An amount that was spread before may have used up a line's rate; the others bear the rest then.
    rest = amount - sum(rate.gross_now for rate in rates.values())
    for rate, gross in list(_spread(rates.values(), rest, currency)):
        rate.take(gross)
    return {
        **parties(order),
        "lines": lines,
        "discount_amount": sum(line["total_amount"] - line["amount"] for line in lines),
        "taxes": [
            {"rate": name, "gross_amount": rate.gross_now, "tax_amount": rate.tax_now}
            for name, rate in rates.items()
            if rate.gross_now
        ],
        "total_amount": amount,
    }


def reversal_data(correction: dict) -> dict:
    """Return the content of a correction's reversal: the same with negative amounts."""
    return {
        **correction,
        "lines": [_negated(line, LINE_FIGURES) for line in correction["lines"]],
        "taxes": [_negated(tax, TAX_FIGURES) for tax in correction["taxes"]],
        "discount_amount": -correction["discount_amount"],
        "total_amount": -correction["total_amount"],
    }


def _negated(row: dict, names: tuple[str, ...]) -> dict:
    return {**row, **{name: -row[name] for name in names}}


def _line(part: Part, earlier: Iterable[dict], currency: Currency) -> dict:
    """Return a line as the receipt has it, with its key, its amount after the discount and the tax in that.

    The tax is what the line's running sum holds beyond what was stated before, so that the parts of a line
    add up to its tax, also after a part of it was taken back in between.
    """
    stated = [line for data in earlier for line in data["lines"] if line["line"] == part.line.pk]
    reached = sum(line["amount"] for line in stated) + part.amount
    tax = included_tax(reached, part.line.tax_rate, currency.code) - sum(
        line["tax_amount"] for line in stated
    )
    return {
        "line": part.line.pk,
        "sku": part.line.sku,
        "quantity": part.quantity,
        "unit_amount": part.line.unit_amount,
        "total_amount": part.line.unit_amount * part.quantity,
        "amount": part.amount,
        "tax_amount": max(0, tax),
    }


def _rates(original: dict, earlier: Iterable[dict], currency: Currency) -> dict[str, Rate]:
    rates = {tax["rate"]: Rate(currency, tax["gross_amount"], tax["tax_amount"]) for tax in original["taxes"]}
    for data in earlier:
        for tax in data["taxes"]:
            rates[tax["rate"]].gross_before += tax["gross_amount"]
            rates[tax["rate"]].tax_before += tax["tax_amount"]
    return rates


def _spread(rates: Collection[Rate], amount: int, currency: Currency) -> Iterator[tuple[Rate, int]]:
    """Return how an amount divides into what the rates have left: differences of rounded running sums."""
    total = sum(rate.gross_left for rate in rates)
    until = given = 0
    for rate in rates:
        until += rate.gross_left
        reached = _part(until, amount, total, currency)
        yield rate, reached - given
        given = reached


def _part(whole: int, amount: int, total: int, currency: Currency) -> int:
    """Return as much of the whole as the amount is of the total; a whole stays whole."""
    if not total:
        return 0
    if total in (whole, amount):
        return amount if total == whole else whole
    return currency.rounded(Decimal(whole) * amount / total)
