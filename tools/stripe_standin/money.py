"""Amounts in minor units, as the stand-in checks them and its pages show them."""

from cms.core.currencies import CURRENCIES, currency_of, written


def smallest(currency: str) -> int:
    """The least that can be charged, in minor units."""
    return currency_of(currency).smallest


def largest(currency: str) -> int:
    """The most that can be charged, in minor units."""
    return currency_of(currency).largest


def known(currency: str) -> bool:
    """Whether Stripe charges this currency."""
    return currency.upper() in CURRENCIES


def indivisible(amount: int, currency: str) -> str:
    """Why an amount cannot be: a part of a króna, or less than ten fils; else an empty text."""
    step = currency_of(currency).step
    return f"Amounts in {currency} must be evenly divisible by {step}." if amount % step else ""


def shown(amount: int, currency: str) -> str:
    """4900 gbp as £49.00."""
    return written(amount, currency.upper(), "en_GB", all_decimals=True)
