"""Orders with invented tax rates and names that a receipt must not show."""

import pytest

from shop.catalogue.models import TaxRate
from shop.orders import transitions
from shop.orders.models import Actor, Order
from shop.receipts.issuing import issue_receipt
from shop.receipts.models import Receipt
from tests.factories.shop import make_order, make_package, make_site_settings
from tests.shop.payments.conftest import standin

__all__ = ["standin"]


@pytest.fixture
def order(db) -> Order:
    """Make a paid order of two kits for 99 dollars each, sent to Britain, 20 percent of tax included."""
    make_site_settings(postal_address="Checkup Ltd\n2 Mail Street")
    TaxRate.objects.create(country="GB", rate="20", valid_from="2020-01-01")
    package = make_package(name="Iron check", sku="K-1", price_amount=9900)
    order = make_order(package=package, quantity=2, country="GB", buyer_name="Ada Buyer")
    return transitions.apply(order.pk, "pay", actor=Actor.STRIPE)


@pytest.fixture
def receipt(order) -> Receipt:
    return issue_receipt(order)
