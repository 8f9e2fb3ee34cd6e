"""Money is an integer number of minor units and an ISO 4217 currency code."""

from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision
from django import forms
from django.utils.translation import get_language, to_locale


def to_decimal(amount: int, currency: str) -> Decimal:
    """The amount in major units: 9900 USD gives Decimal("99.00"), 500 JPY gives Decimal("500")."""
    return Decimal(amount).scaleb(-get_currency_precision(currency))


def format_money(amount: int, currency: str) -> str:
    """The amount as a reader expects it, whole amounts without decimals: $99 or $99.50."""
    value = to_decimal(amount, currency)
    text = format_currency(
        value,
        currency,
        locale=to_locale(get_language() or "en_GB"),
        format="¤#,##0" if value == value.to_integral_value() else None,
        currency_digits=value != value.to_integral_value(),
    )
    return text.replace("US$", "$")


class MinorUnitsField(forms.DecimalField):
    """A form field that shows and takes major units (99.00) and gives minor units (9900)."""

    def __init__(self, *, currency: str = "USD", **kwargs) -> None:
        self.currency = currency
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("decimal_places", get_currency_precision(currency))
        super().__init__(**kwargs)

    def prepare_value(self, value):
        return to_decimal(value, self.currency) if isinstance(value, int) else value

    def clean(self, value):
        amount = super().clean(value)
        return None if amount is None else int(amount.scaleb(get_currency_precision(self.currency)))

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)
