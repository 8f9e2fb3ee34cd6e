import pytest

from demo.loading.catalogue import load_tax_rates
from shop.catalogue.models import TaxRate

pytestmark = pytest.mark.django_db


def test_the_demo_brings_its_invented_rates_once():
    load_tax_rates()
    load_tax_rates()

    assert [(rate.country.code, int(rate.rate)) for rate in TaxRate.objects.all()] == [("GB", 20), ("IE", 23)]


def test_a_rate_that_somebody_deleted_does_not_come_back():
    load_tax_rates()
    TaxRate.objects.filter(country="IE").delete()
    load_tax_rates()

    assert TaxRate.objects.count() == 1
