import pytest
from django.conf import settings

from shop.catalogue.models import TaxRate
from tools.demo.loading.catalogue import load_tax_rates

pytestmark = pytest.mark.django_db


def test_the_demo_brings_its_invented_rates_once():
    load_tax_rates()
    load_tax_rates()

    rates = {rate.country.code: int(rate.rate) for rate in TaxRate.objects.all()}
    assert rates == dict.fromkeys(settings.SHIPPING_COUNTRIES, 0) | {"GB": 20, "IE": 23}
    assert TaxRate.objects.count() == len(rates)


def test_a_rate_that_somebody_deleted_does_not_come_back():
    load_tax_rates()
    TaxRate.objects.filter(country="IE").delete()
    load_tax_rates()

    assert not TaxRate.objects.filter(country="IE").exists()
