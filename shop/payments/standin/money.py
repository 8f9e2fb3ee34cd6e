"""Amounts in minor units, as the stand-in's pages show them."""

from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision, is_currency

LARGEST = 99_999_999
# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
SMALLEST = {
    "usd": 50,
    "eur": 50,
    "gbp": 30,
    "chf": 50,
    "cad": 50,
    "aud": 50,
    "jpy": 50,
    "sek": 300,
    "nok": 300,
}


def smallest(currency: str) -> int:
    """The least that can be charged, in minor units; 1 where we know of no rule."""
    return SMALLEST.get(currency, 1)


def known(currency: str) -> bool:
    """Whether this is an ISO 4217 code."""
    return is_currency(currency.upper())


def shown(amount: int, currency: str) -> str:
    """4900 gbp as £49.00. (The shop's own formatting needs Django's settings, which the stand-in has not.)"""
    code = currency.upper()
    major = Decimal(amount).scaleb(-get_currency_precision(code))
    return format_currency(major, code, locale="en_GB")
