"""Money is an integer number of minor units, counted as Stripe counts them, and an ISO 4217 currency code."""

from decimal import ROUND_DOWN, Decimal

from babel.numbers import get_currency_name
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

from cms.core.currencies import CURRENCIES, currency_of, to_decimal, written


def format_money(amount: int, currency: str) -> str:
    """Return the amount as a reader expects it, whole amounts without decimals: $99 or $99.50."""
    return written(amount, currency, _locale())


def currency_choices() -> list[tuple[str, str]]:
    """Return the currencies that Stripe charges, for a select: code and name."""
    return [(code, f"{code} – {get_currency_name(code, locale=_locale())}") for code in sorted(CURRENCIES)]


def _locale() -> str:
    return to_locale(get_language() or "en_GB")


class MinorUnitsField(forms.DecimalField):
    """A form field that shows and takes major units (99.00) and gives minor units (9900)."""

    def __init__(self, *, currency: str = "USD", **kwargs) -> None:
        self.currency = currency_of(currency)
        kwargs.setdefault("min_value", 0)
        self.largest = to_decimal(self.currency.largest, currency)
        kwargs.setdefault("max_value", self.largest)
        super().__init__(decimal_places=self.currency.decimals, **kwargs)

    def to_python(self, value):
        amount = super().to_python(value)
        if amount is None or not amount.is_finite() or abs(amount) > self.largest:
            return amount  # which the validators refuse
        # 45.00 is a whole amount, also where there are no decimals.
        whole = amount.quantize(Decimal(1).scaleb(-self.currency.decimals), rounding=ROUND_DOWN)
        if whole != amount:
            raise ValidationError(self._too_fine(), code="max_decimal_places")
        return whole

    def _too_fine(self) -> str:
        if not self.decimal_places:
            return _("Amounts in %(currency)s have no decimals.") % {"currency": self.currency.code}
        return ngettext(
            "Amounts in %(currency)s have %(count)d decimal.",
            "Amounts in %(currency)s have %(count)d decimals.",
            self.decimal_places,
        ) % {"currency": self.currency.code, "count": self.decimal_places}

    def prepare_value(self, value):
        return to_decimal(value, self.currency.code) if isinstance(value, int) else value

    def clean(self, value):
        amount = super().clean(value)
        return None if amount is None else int(amount.scaleb(self.currency.exponent))

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)
