from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from shop.catalogue.models import TaxRate
from shop.catalogue.tax import TaxRates, included_tax
from tests.factories.shop import make_order, make_package
from tests.shop.backoffice.conftest import person_of, staff

__all__ = ["person_of", "staff"]


@pytest.mark.parametrize(
    ("amount", "rate", "tax"),
    [
        (12000, "20", 2000),
        (9900, "20", 1650),
        (9900, "23", 1851),  # 1851.22
        (3, "20", 1),  # exactly a half goes up
        (2, "20", 0),
        (9900, "0", 0),
        (0, "20", 0),
        (101, "8.25", 8),  # 7.698
    ],
)
def test_included_tax_is_rounded_half_up(amount, rate, tax):
    assert included_tax(amount, Decimal(rate), "USD") == tax


@pytest.fixture
def package(db):
    return make_package()


def test_the_most_specific_and_newest_valid_rate_counts(package):
    TaxRate.objects.create(country="GB", rate="20", valid_from="2020-01-01")
    TaxRate.objects.create(country="GB", rate="21", valid_from="2026-01-01")
    TaxRate.objects.create(country="IE", rate="23", valid_from="2020-01-01")
    day = date(2026, 6, 1)

    assert TaxRates(date(2025, 12, 31)).find(package.pk, "GB") == 20
    assert TaxRates(day).find(package.pk, "GB") == 21
    assert TaxRates(day).find(package.pk, "US") is None
    assert TaxRates(date(2019, 12, 31)).find(package.pk, "GB") is None

    TaxRate.objects.create(package=package, country="GB", rate="5", valid_from="2021-01-01")
    assert TaxRates(day).find(package.pk, "GB") == 5
    assert TaxRates(day).find(make_package().pk, "GB") == 21


def test_an_order_keeps_the_rate_it_was_placed_at(package):
    rate = TaxRate.objects.create(country="GB", rate="20", valid_from="2020-01-01")
    order = make_order(package=package, quantity=2, country="GB")

    rate.rate = 50
    rate.save()

    line = order.lines.get()
    assert (line.tax_rate, line.tax_amount) == (Decimal("20.00"), 3300)


def test_staff_add_a_rate_in_the_admin(staff):
    response = staff.post(
        reverse("tax-rates:add"), {"country": "GB", "rate": "20", "valid_from": "2026-01-01", "package": ""}
    )

    assert response.status_code == 302, response.context["form"].errors
    assert "GB 20.00 %" in staff.get(reverse("tax-rates:index")).content.decode()


def test_a_second_rate_for_the_same_day_is_refused(staff, db):
    TaxRate.objects.create(country="GB", rate="20", valid_from="2026-01-01")

    response = staff.post(
        reverse("tax-rates:add"), {"country": "GB", "rate": "21", "valid_from": "2026-01-01", "package": ""}
    )

    assert response.status_code == 200
    assert TaxRate.objects.count() == 1
