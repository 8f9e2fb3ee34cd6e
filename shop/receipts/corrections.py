"""What stands in a correction of a receipt and in the reversal of one, as plain values.

What is left of a receipt is what it says less what its corrections took back, rate by rate. No correction
takes more of a rate than that, so the corrections of a whole refund add up to the receipt, to the last unit.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

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
class Share:
    """The part of a document that one tax rate has, in minor units."""

    gross_amount: int = 0
    tax_amount: int = 0


def correction_data(
    order: Order, original: dict, earlier: Sequence[dict], *, amount: int, parts: Sequence[Part] = ()
) -> dict:
    """The content of a correction by this amount, after these earlier ones.

    Parts of lines bear their lines' own tax. What belongs to no line is spread over the rates in proportion
    to what each has left.
    """
    lines = [_line(part, earlier) for part in parts]
    return {
        **parties(order),
        "lines": lines,
        "discount_amount": sum(line["total_amount"] - line["amount"] for line in lines),
        "taxes": [
            {"rate": rate, "gross_amount": share.gross_amount, "tax_amount": share.tax_amount}
            for rate, share in _taken(original, earlier, amount, parts, lines).items()
            if share.gross_amount
        ],
        "total_amount": amount,
    }


def reversal_data(correction: dict) -> dict:
    """The content of the document that takes all of a correction back: the same with negative amounts."""
    return {
        **correction,
        "lines": [_negated(line, LINE_FIGURES) for line in correction["lines"]],
        "taxes": [_negated(tax, TAX_FIGURES) for tax in correction["taxes"]],
        "discount_amount": -correction["discount_amount"],
        "total_amount": -correction["total_amount"],
    }


def _negated(row: dict, names: tuple[str, ...]) -> dict:
    return {**row, **{name: -row[name] for name in names}}


def _line(part: Part, earlier: Iterable[dict]) -> dict:
    """A line as the receipt has it, with its key, its amount after the discount and the tax in that.

    The tax is what the line's running sum holds beyond what was stated before, so that the parts of a line
    add up to its tax, also after a part of it was taken back in between.
    """
    stated = [line for data in earlier for line in data["lines"] if line["line"] == part.line.pk]
    reached = sum(line["amount"] for line in stated) + part.amount
    tax = included_tax(reached, part.line.tax_rate) - sum(line["tax_amount"] for line in stated)
    return {
        "line": part.line.pk,
        "sku": part.line.sku,
        "quantity": part.quantity,
        "unit_amount": part.line.unit_amount,
        "total_amount": part.line.unit_amount * part.quantity,
        "amount": part.amount,
        "tax_amount": max(0, tax),
    }


def _taken(
    original: dict, earlier: Iterable[dict], amount: int, parts: Sequence[Part], lines: Sequence[dict]
) -> dict[str, Share]:
    """What the correction takes of each rate."""
    left = _left(original, earlier)
    taken = {rate: Share() for rate in left}
    for part, line in zip(parts, lines, strict=True):
        _take(rate_text(part.line.tax_rate), part.amount, left, taken, tax=line["tax_amount"])
    # An amount that was spread before may have used up a line's rate; the others bear the rest then.
    rest = amount - sum(share.gross_amount for share in taken.values())
    for rate, gross in list(_spread(left, rest)):
        _take(rate, gross, left, taken)
    return taken


def _left(original: dict, earlier: Iterable[dict]) -> dict[str, Share]:
    left = {tax["rate"]: Share(tax["gross_amount"], tax["tax_amount"]) for tax in original["taxes"]}
    for data in earlier:
        for tax in data["taxes"]:
            left[tax["rate"]].gross_amount -= tax["gross_amount"]
            left[tax["rate"]].tax_amount -= tax["tax_amount"]
    return left


def _take(
    rate: str, amount: int, left: dict[str, Share], taken: dict[str, Share], *, tax: int | None = None
) -> None:
    """Moves so much of a rate from what is left to what is taken, at most all of it.

    The tax goes in proportion where it is not given; the last of a rate takes all of its tax.
    """
    share = left[rate]
    gross = min(amount, share.gross_amount)
    if tax is None or gross < amount or gross == share.gross_amount:
        tax = _part(share.tax_amount, gross, share.gross_amount)
    tax = min(tax, share.tax_amount)
    share.gross_amount -= gross
    share.tax_amount -= tax
    taken[rate].gross_amount += gross
    taken[rate].tax_amount += tax


def _spread(left: dict[str, Share], amount: int) -> Iterator[tuple[str, int]]:
    """How an amount divides into what the rates have left: differences of rounded running sums."""
    total = sum(share.gross_amount for share in left.values())
    until = given = 0
    for rate, share in left.items():
        until += share.gross_amount
        reached = _part(until, amount, total)
        yield rate, reached - given
        given = reached


def _part(whole: int, amount: int, total: int) -> int:
    if not total:
        return 0
    return int((Decimal(whole) * amount / total).quantize(Decimal(1), rounding=ROUND_HALF_UP))
