"""Limited stock from the package's page to the payment: who comes too late is told before paying."""

import pytest

from shop.catalogue.models import Package
from shop.checkout.models import BasketLine
from shop.orders.models import Order, OrderStatus
from tests.factories.shop import make_package
from tests.shop.checkout.conftest import Browser


@pytest.fixture
def package(browser, standin):
    return make_package(name="Iron check", price_amount=9900, stock_quantity=1)


def text_of(response) -> str:
    return response.content.decode()


def sell_out() -> None:
    Package.objects.filter(name="Iron check").update(stock_quantity=0)


def test_what_is_sold_out_cannot_be_put_into_the_basket(browser, package):
    sell_out()
    response = browser.add(package)

    assert response.status_code == 409
    assert "None is left of “Iron check”" in text_of(response)
    assert not BasketLine.objects.exists()


def test_the_basket_says_what_is_sold_out_and_leads_no_further(browser, package):
    browser.add(package)
    sell_out()
    text = text_of(browser.get("/basket/"))

    assert "Sold out. Please remove it to go on." in text
    assert 'href="/checkout/"' not in text
    assert browser.get("/checkout/").url == "/basket/?notice=sold_out"


def test_the_basket_says_how_many_are_left(browser, package):
    browser.add(package, 2)

    assert "Only 1 is left" in text_of(browser.get("/basket/"))


def test_the_last_one_goes_to_one_and_the_other_is_told_before_paying(browser, package):
    other = Browser()
    other.add(package)
    browser.add(package)
    prices = other.displayed_prices()
    assert browser.send_details().status_code == 303
    response = other.send_details(prices=prices)

    assert response.status_code == 409
    text = text_of(response)
    assert "Somebody else was faster" in text
    assert "Sold out" in text
    assert 'value="1 Example Street"' in text
    assert Order.objects.count() == 1


def test_what_is_left_can_be_ordered_without_typing_again(browser, package):
    browser.add(package)
    browser.add(make_package(name="Vitamin check", price_amount=5000))
    sell_out()
    response = browser.send_details(prices="older")
    assert "Change my basket to what is left" in text_of(response)
    response = browser.send_details(prices="older", keep_what_is_left="1")

    text = text_of(response)
    assert 'value="1 Example Street"' in text
    assert "Iron check" not in text
    assert "Vitamin check" in text
    assert browser.send_details().status_code == 303
    assert Order.objects.get().total_amount == 5000


def test_a_basket_of_which_nothing_is_left_is_emptied_kindly(browser, package):
    browser.add(package)
    sell_out()
    response = browser.send_details(prices="older", keep_what_is_left="1")

    assert response.url == "/basket/?notice=gone"


def test_the_last_one_that_the_own_unpaid_order_holds_stays_with_the_reader(browser, package):
    browser.add(package)
    browser.send_details()
    assert browser.send_details().status_code == 303
    browser.send_details(address_line_1="2 Other Street")

    old, new = Order.objects.order_by("pk")
    assert (old.status, new.status) == (OrderStatus.CANCELLED, OrderStatus.AWAITING_PAYMENT)
    assert Package.objects.get().stock_quantity == 0
