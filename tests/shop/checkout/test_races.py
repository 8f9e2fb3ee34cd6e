"""Submits of one basket at the same moment, on real connections; the control cuts the basket's lock out."""

import pytest

from shop.catalogue.models import Package
from shop.checkout.baskets import keep_what_is_left
from shop.checkout.models import Basket, BasketLine
from shop.checkout.placing import order_for
from shop.checkout.summary import summarise
from shop.orders.models import Order, OrderStatus
from shop.payments.models import Payment
from tests.factories.shop import make_details, make_package, make_ready_to_sell
from tests.shop.checkout.conftest import Browser, details_data
from tests.shop.payments.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

CLICKS = 5


@pytest.fixture
def basket() -> Basket:
    make_ready_to_sell()
    package = make_package()
    basket = Basket.objects.create(token="a-basket")
    basket.lines.create(package=package, quantity=1, seen_amount=package.price_amount)
    return basket


def place_at_once(basket: Basket, *, with_locks: bool = True) -> list:
    """Return what each of the clicks got: an order's key, or an error."""
    prices, details = summarise(basket).prices, make_details(region="NY")

    def click(_number: int) -> int:
        return order_for(Basket.objects.get(pk=basket.pk), details, prices).pk

    return at_once(CLICKS, click, with_locks=with_locks, table="checkout_basket")


def test_submits_of_one_basket_at_once_make_one_order(basket):
    assert place_at_once(basket) == [Order.objects.get().pk] * CLICKS


@pytest.mark.postgres
def test_control_without_the_lock_submits_get_into_each_others_way(basket):
    """The order's own constraint leaves one order all the same."""
    answers = place_at_once(basket, with_locks=False)

    assert any(isinstance(answer, Exception) for answer in answers)
    assert Order.objects.filter(status=OrderStatus.AWAITING_PAYMENT).count() == 1


def test_a_double_click_on_the_page_makes_one_order_and_one_payment(basket, standin):
    data = details_data() | {"prices": summarise(basket).prices}

    def click(_number: int) -> str:
        browser = Browser()
        browser.cookies["basket"] = basket.token
        return browser.post("/checkout/", data).url

    addresses = at_once(CLICKS, click, table="checkout_basket")

    assert Order.objects.count() == Payment.objects.count() == 1
    assert addresses == [Payment.objects.get().url] * CLICKS


def test_a_page_from_before_raises_no_quantity_that_another_tab_has_lowered(basket):
    basket.lines.update(quantity=5)
    Package.objects.update(stock_quantity=3)
    shown = summarise(basket)
    basket.lines.update(quantity=1)

    keep_what_is_left(basket, shown)

    assert BasketLine.objects.get().quantity == 1
