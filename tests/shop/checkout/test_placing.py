"""One basket makes one order, whatever the buyer clicks."""

import pytest

from shop.checkout.models import Basket, BasketLine
from shop.orders.models import Order, OrderStatus
from shop.payments.models import Payment, PaymentState
from shop.payments.settling.sessions import settle_session
from tests.factories.shop import make_package


@pytest.fixture
def package(browser, standin):
    package = make_package(price_amount=9900)
    browser.add(package)
    return package


def test_sending_the_same_details_again_gives_the_same_order_and_session(browser, package):
    first = browser.send_details()
    second = browser.send_details()
    assert first.url == second.url
    assert Order.objects.count() == 1
    assert Payment.objects.count() == 1


def test_who_comes_back_finds_their_details(browser, package):
    browser.send_details(phone="(212) 555-0123")
    text = browser.get("/checkout/").content.decode()
    for value in ("jo@example.org", "1 Example Street", "1984", "NY"):
        assert f'value="{value}"' in text
    assert text.count(" checked") == 1  # the sex at birth; what was agreed to is asked again


@pytest.mark.parametrize(
    "changes",
    [{"address_line_1": "2 Other Street"}, {"person-0-date_of_birth_2": "1985"}, {"email": "x@example.org"}],
)
def test_changed_details_replace_the_unpaid_order(browser, standin, package, changes):
    first = browser.send_details()
    second = browser.send_details(**changes)
    assert first.url != second.url
    old, new = Order.objects.order_by("pk")
    assert (old.status, new.status) == (OrderStatus.CANCELLED, OrderStatus.AWAITING_PAYMENT)
    assert Basket.objects.get().order == new
    # The old session can no longer be paid.
    assert standin.store.find("checkout.session", old.payments.get().session_id)["status"] == "expired"


def test_changed_basket_replaces_the_unpaid_order(browser, package):
    browser.send_details()
    browser.add(make_package(price_amount=5000))
    browser.send_details()
    old, new = Order.objects.order_by("pk")
    assert (old.status, old.total_amount) == (OrderStatus.CANCELLED, 9900)
    assert (new.status, new.total_amount) == (OrderStatus.AWAITING_PAYMENT, 14900)


def test_changed_price_replaces_the_unpaid_order(browser, package):
    browser.send_details()
    package.price_amount = 10500
    package.save()
    browser.send_details()
    old, new = Order.objects.order_by("pk")
    assert (old.status, new.total_amount) == (OrderStatus.CANCELLED, 10500)
    assert BasketLine.objects.get().seen_amount == 10500


def test_order_paid_in_another_tab_is_not_placed_again(browser, standin, package):
    prices = browser.displayed_prices()
    browser.send_details()
    order = Order.objects.get()
    standin.pay(order.payments.get().session_id)
    # The webhook has not come yet, and the buyer sends other details from an old tab.
    response = browser.send_details(prices=prices, email="x@example.org")
    assert response.url == order.get_absolute_url()
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID
    assert Order.objects.count() == 1


def test_payment_on_its_way_is_not_replaced(browser, standin, package):
    prices = browser.displayed_prices()
    browser.send_details()
    order = Order.objects.get()
    standin.delay(order.payments.get().session_id)
    response = browser.send_details(prices=prices, email="x@example.org")
    assert response.url == order.get_absolute_url()
    order.refresh_from_db()
    assert order.status == OrderStatus.AWAITING_PAYMENT
    assert Order.objects.count() == 1


def test_paid_basket_is_empty_without_the_return_page(browser, standin, package):
    browser.send_details()
    session = Payment.objects.get().session_id
    standin.pay(session)
    settle_session(session, "webhook")
    assert browser.get("/basket/count/").json() == {"count": 0}
    assert browser.get("/checkout/").url == "/basket/?notice=empty"


def test_what_was_added_after_ordering_stays(browser, standin, package):
    browser.send_details()
    later = make_package()
    browser.add(later)
    browser.add(package, 2)
    session = Payment.objects.get().session_id
    standin.pay(session)
    settle_session(session, "webhook")
    browser.get("/basket/")
    left = dict(BasketLine.objects.values_list("package_id", "quantity"))
    assert left == {later.pk: 1, package.pk: 2}


def test_replacing_needs_the_payment_provider_and_says_so(browser, package, settings):
    prices = browser.displayed_prices()
    browser.send_details()
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    response = browser.send_details(prices=prices, email="x@example.org")
    assert response.status_code == 503
    assert "Nothing has been charged" in response.content.decode()
    assert Order.objects.get().status == OrderStatus.AWAITING_PAYMENT


def test_trying_again_after_a_lost_answer_leads_to_the_payment_page(browser, standin, package):
    standin.fault("close", match="POST /v1/checkout/sessions", count=9)
    lost = browser.send_details()
    assert lost.status_code == 503
    standin.clear_faults()
    again = f"{Order.objects.get().get_absolute_url()}pay/"
    assert again in lost.content.decode()

    response = browser.post(again)

    assert response.status_code == 303
    assert response.url == Payment.objects.get(state=PaymentState.OPEN).url
    assert response.url.startswith(standin.base_url)
    assert Order.objects.count() == 1


def test_package_withdrawn_while_the_form_is_open(browser, package):
    prices = browser.displayed_prices()
    package.availability = "withdrawn"
    package.save()
    assert browser.send_details(prices=prices).url == "/basket/?notice=withdrawn"
    assert not Order.objects.exists()
