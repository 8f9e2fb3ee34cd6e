"""How much a code takes off. Whole minor units and fractions only; nothing is ever a float. Each amount
is one that the currency has: whole krónur, tens of fils.

The discount of an order is worked out once, rounded half up, from the sum of the lines that the code is for.
It is then spread over these lines by the largest remainder: each gets its share rounded down, and the units
left over go to the lines whose shares lost most, the earlier line first. So the parts add up to the discount
exactly, and no line falls below zero.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from cms.core.currencies import currency_of
from shop.discounts.models import DiscountCode


def discount_on(code: DiscountCode, amount: int, currency: str) -> int:
    """Return what the code takes off this amount, in minor units of its currency; at most the amount."""
    if code.percentage is None:
        return min(code.amount or 0, amount)
    return currency_of(currency).rounded(Decimal(amount) * code.percentage / 100)


def spread(total: int, amounts: Sequence[int], currency: str) -> list[int]:
    """Return the total, at most the amounts' sum, in parts in proportion to the amounts, in their order."""
    step = currency_of(currency).step
    whole = sum(amounts)
    if not whole:
        return [0] * len(amounts)
    shares = [Fraction(total * amount, whole * step) for amount in amounts]
    parts = [int(share) for share in shares]
    by_loss = sorted(range(len(amounts)), key=lambda position: parts[position] - shares[position])
    for position in by_loss[: total // step - sum(parts)]:
        parts[position] += 1
    return [part * step for part in parts]
