"""Amounts in minor units, as the stand-in checks them and its pages show them.

The table of currencies is the shop's (cms.core.currencies): it is Stripe's, plain data without Django, and a
second copy could differ.
"""

from decimal import Decimal
from typing import Any

from cms.core.currencies import currency_of, written


def unit_amount(price: dict[str, Any]) -> Decimal:
    """Return what one costs, in minor units and perhaps fractions of them."""
    return Decimal(price.get("unit_amount", price.get("unit_amount_decimal", 0)))


def subtotal(line: dict[str, Any]) -> int:
    """Return what a line costs, in whole minor units."""
    return round(unit_amount(line["price_data"]) * line["quantity"])


def indivisible(amount: int, currency: str) -> str:
    """Return why an amount cannot be (a part of a króna, or less than ten fils); else an empty text."""
    step = currency_of(currency).step
    return f"Amounts in {currency} must be evenly divisible by {step}." if amount % step else ""


def format_amount(amount: int, currency: str) -> str:
    """Return 4900 gbp as £49.00."""
    return written(amount, currency.upper(), "en_GB", all_decimals=True)
