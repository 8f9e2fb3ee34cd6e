"""The return page says what is true about the money, whatever the buyer did."""

import pytest
from django.utils import timezone

from shop.checkout.models import BasketLine
from shop.orders.models import Order, OrderStatus
from shop.payments.models import Payment
from tests.factories.shop import make_package


@pytest.fixture
def session(browser, standin) -> str:
    """A Checkout Session that waits for the buyer."""
    browser.add(make_package(name="Iron check", price_amount=9900))
    browser.send_details()
    return Payment.objects.get().session_id


def look(browser, session: str, **parameters):
    return browser.get("/checkout/return/", {"session_id": session, **parameters})


def test_paid_settles_and_puts_the_basket_away(browser, standin, session):
    standin.pay(session)
    response = look(browser, session)
    order = Order.objects.get()
    text = response.content.decode()
    assert order.status == OrderStatus.PAID
    assert "Your payment has arrived" in text
    assert order.code in text
    assert order.get_absolute_url() in text
    assert "Iron check" not in text
    assert not BasketLine.objects.exists()
    assert response.cookies["basket"]["max-age"] == 0
    assert "refresh" not in text
    # A reload says the same.
    assert "Your payment has arrived" in look(browser, session).content.decode()


def test_processing_looks_again_by_itself_a_few_times(browser, standin, session):
    standin.delay(session)
    text = look(browser, session).content.decode()
    assert "Your payment is on its way" in text
    assert f"session_id={session}&amp;look=1" in text
    assert "Pay now" not in text
    assert Order.objects.get().status == OrderStatus.AWAITING_PAYMENT
    assert BasketLine.objects.exists()
    last = look(browser, session, look="12").content.decode()
    assert 'http-equiv="refresh"' not in last
    assert "has stopped looking" in last
    assert 'http-equiv="refresh"' not in look(browser, session, look="nonsense").content.decode()


def test_delayed_payment_that_arrives(browser, standin, session):
    standin.delay(session)
    look(browser, session)
    standin.settle(session)
    assert "Your payment has arrived" in look(browser, session).content.decode()


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (None, "You have not paid yet"),
        ("decline", "You have not paid yet"),
        ("expire", "The time for this payment is over"),
    ],
)
def test_unpaid_offers_to_pay(browser, standin, session, action, words):
    if action:
        getattr(standin, action)(session)
    text = look(browser, session).content.decode()
    assert words in text
    assert "Pay now" in text
    assert Order.objects.get().status == OrderStatus.AWAITING_PAYMENT
    assert BasketLine.objects.exists()


def test_failed_bank_payment_offers_another_way(browser, standin, session):
    standin.delay(session)
    standin.fail(session)
    text = look(browser, session).content.decode()
    assert "did not go through" in text
    assert "Pay now" in text


def test_amount_that_does_not_match_is_not_called_paid(browser, standin, session):
    standin.pay(session)
    Payment.objects.update(amount=100)
    text = look(browser, session).content.decode()
    assert "by hand" in text
    assert "has arrived" not in text
    assert Order.objects.get().status == OrderStatus.AWAITING_PAYMENT


@pytest.mark.parametrize("identifier", ["", "cs_test_unknown", "x" * 3000, "../../etc"])
def test_unknown_session(browser, standin, identifier):
    response = look(browser, identifier)
    assert response.status_code == 404
    assert "We cannot find this payment" in response.content.decode()


def test_an_erased_order_is_as_unknown_as_one_that_never_was(browser, standin, session):
    standin.pay(session)
    look(browser, session)
    Order.objects.update(erased_at=timezone.now())
    response = look(browser, session)
    assert response.status_code == 404
    assert response.content == look(browser, "cs_test_unknown").content
    assert "/orders/find/" in response.content.decode()


def test_provider_that_does_not_answer_is_no_lie_either_way(browser, standin, session, settings):
    standin.pay(session)
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    response = look(browser, session)
    text = response.content.decode()
    assert response.status_code == 503
    assert "We cannot see yet whether you have paid" in text
    assert 'http-equiv="refresh"' in text
    assert "Pay now" not in text


def test_page_is_private_and_sends_no_referrer(browser, standin, session):
    response = look(browser, session)
    assert response["Cache-Control"] == "no-store, private"
    assert response["Referrer-Policy"] == "same-origin"  # it has the form to pay
    standin.pay(session)
    assert look(browser, session)["Referrer-Policy"] == "no-referrer"


def test_cancel_link_leads_to_the_basket_that_says_nothing_is_lost(browser, standin, session):
    cancel_url = standin.store.find("checkout.session", session)["cancel_url"]
    assert cancel_url == "http://testserver/basket/?notice=unpaid"
    assert "You have not paid" in browser.get("/basket/?notice=unpaid").content.decode()
