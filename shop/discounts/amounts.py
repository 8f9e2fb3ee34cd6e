"""How much a code takes off. Whole minor units and fractions only; nothing is ever a float.

The discount of an order is worked out once, rounded half up, from the sum of the lines that the code is for.
It is then spread over these lines by the largest remainder: each gets its share rounded down, and the units
left over go to the lines whose shares lost most, the earlier line first. So the parts add up to the discount
exactly, and no line falls below zero.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from shop.discounts.models import DiscountCode

# Stripe refuses a smaller charge in most currencies; also the lowest price of a package.
SMALLEST_CHARGE = 50


def discount_on(code: DiscountCode, amount: int) -> int:
    """What the code takes off this amount, in its minor units; never more than the amount."""
    if code.percentage is None:
        return min(code.amount or 0, amount)
    share = Decimal(amount) * code.percentage / 100
    return int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def spread(total: int, amounts: Sequence[int]) -> list[int]:
    """The total in parts in proportion to the amounts, in their order; it is no more than their sum."""
    whole = sum(amounts)
    if not whole:
        return [0] * len(amounts)
    shares = [Fraction(total * amount, whole) for amount in amounts]
    parts = [int(share) for share in shares]
    by_loss = sorted(range(len(amounts)), key=lambda position: parts[position] - shares[position])
    for position in by_loss[: total - sum(parts)]:
        parts[position] += 1
    return parts
