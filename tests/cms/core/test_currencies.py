"""Amounts are counted as Stripe counts them, wherever they are entered, worked out or shown."""

from decimal import Decimal

import pytest
from babel import Locale
from django import forms
from django.apps import apps
from django.db.models import BigIntegerField
from hypothesis import given
from hypothesis import strategies as st

from cms.core.currencies import CURRENCIES, currency_of, to_decimal, written
from cms.core.money import MinorUnitsField, format_money
from shop.catalogue.tax import included_tax
from shop.discounts.amounts import discount_on, spread
from shop.discounts.models import DiscountCode

currencies = st.sampled_from(sorted(CURRENCIES.values(), key=lambda currency: currency.code))
EVERY_KIND = ["JPY", "USD", "RSD", "ISK", "UGX", "KWD"]


@st.composite
def amounts_of(draw, count=1):
    """Draw a currency, and amounts that it has."""
    currency = draw(currencies)
    steps = st.integers(1, min(currency.largest, 10**8) // currency.step // count)
    return currency, [draw(steps) * currency.step for _number in range(count)]


@pytest.mark.parametrize(
    ("currency", "typed", "charged", "shown"),
    [
        ("USD", "99.50", 9950, "$99.50"),
        ("JPY", "9900", 9900, "JP¥9,900"),
        ("ISK", "9900", 990_000, "ISK\xa09,900"),  # "to charge 5 ISK, provide an amount value of 500"
        ("UGX", "350000", 35_000_000, "UGX\xa0350,000"),
        ("RSD", "10000.50", 1_000_050, "RSD\xa010,000.50"),
        ("HUF", "39000.00", 3_900_000, "HUF\xa039,000"),
        ("KWD", "5.12", 5120, "KWD\xa05.120"),
        ("IDR", "9999999999.99", 999_999_999_999, "IDR\xa09,999,999,999.99"),
        ("COP", "99999999.99", 9_999_999_999, "COP\xa099,999,999.99"),
    ],
)
def test_what_is_typed_is_charged_and_shown_as_stripe_counts(currency, typed, charged, shown):
    field = MinorUnitsField(currency=currency)
    assert field.clean(typed) == charged
    assert str(field.prepare_value(charged)) == typed
    assert format_money(charged, currency) == shown


@pytest.mark.parametrize(("currency", "typed"), [("JPY", "9900.00"), ("ISK", "99.0"), ("USD", "99.000")])
def test_noughts_that_were_typed_too_many_do_no_harm(currency, typed):
    assert MinorUnitsField(currency=currency).clean(typed) == 9900


@pytest.mark.parametrize(
    "typed", ["nan", "inf", "1e999999", "9" * 200, "0.0000000000000000000000000000000001"]
)
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(forms.ValidationError):
        MinorUnitsField(currency="USD").clean(typed)


@pytest.mark.parametrize(
    ("currency", "typed", "words"),
    [
        ("ISK", "9900.50", "Amounts in ISK have no decimals."),
        ("JPY", "9900.5", "Amounts in JPY have no decimals."),
        ("KWD", "5.124", "Amounts in KWD have 2 decimals."),
        ("RSD", "1.005", "Amounts in RSD have 2 decimals."),
        ("USD", "1000000", "Ensure this value is less than or equal to 999999.99."),
        ("LBP", "1000000", "Ensure this value is less than or equal to 999999.99."),
        ("VND", "100000000", "Ensure this value is less than or equal to 99999999."),
        ("UGX", "1000000", "Ensure this value is less than or equal to 999999."),
        ("IDR", "10000000000", "Ensure this value is less than or equal to 9999999999.99."),
    ],
)
def test_an_amount_that_does_not_exist_is_refused_in_words(currency, typed, words):
    with pytest.raises(forms.ValidationError) as refused:
        MinorUnitsField(currency=currency).clean(typed)
    assert refused.value.messages[0] == words


def test_every_column_of_amounts_has_room_for_what_stripe_charges():
    columns = {
        f"{model._meta.label}.{field.name}": isinstance(field, BigIntegerField)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name.endswith("amount")
    }
    assert len(columns) > 10
    assert [name for name, has_room in columns.items() if not has_room] == []


def test_every_currency_has_a_name_and_its_least_amount_exists():
    names = Locale.parse("en_GB").currencies
    for currency in CURRENCIES.values():
        assert currency.code in names
        assert currency.is_exact(currency.smallest)
        assert currency.is_exact(currency.largest)


@given(amounts_of())
def test_what_is_shown_in_the_form_is_read_back(given_):
    currency, [amount] = given_
    assert MinorUnitsField(currency=currency.code).clean(str(to_decimal(amount, currency.code))) == amount
    digits = "".join(
        sign for sign in written(amount, currency.code, "en_GB") if sign.isdigit() or sign == "."
    )
    assert Decimal(digits.lstrip(".")) == to_decimal(amount, currency.code)


@given(amounts_of(count=3), st.decimals("0.01", 100, places=2))
def test_a_percentage_and_its_parts_are_amounts_that_exist(given_, percentage):
    currency, lines = given_
    discount = discount_on(DiscountCode(percentage=percentage), sum(lines), currency.code)
    parts = spread(discount, lines, currency.code)
    assert sum(parts) == discount <= sum(lines)
    for line, part in zip(lines, parts, strict=True):
        assert currency.is_exact(part)
        assert 0 <= part <= line


@given(amounts_of(), st.decimals(0, 100, places=2))
def test_the_tax_in_an_amount_is_an_amount_that_exists(given_, rate):
    currency, [amount] = given_
    tax = included_tax(amount, rate, currency.code)
    assert currency.is_exact(tax)
    assert 0 <= tax <= amount
    assert abs(tax - Decimal(amount) * rate / (100 + rate)) <= Decimal(currency.step) / 2


def test_another_currency_counts_with_two_decimals():
    assert currency_of("zzz").exponent == 2
