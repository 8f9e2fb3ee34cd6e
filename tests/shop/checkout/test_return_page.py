"""The return page says what is true about the money, whatever the buyer did."""

import pytest
from django.utils import timezone

from shop.checkout.models import BasketLine
from shop.orders.models import Actor, Order, OrderStatus
from shop.orders.transitions import cancel_unpaid, dispatch
from shop.payments import cancelling
from shop.payments.models import Payment, PaymentState
from shop.payments.refund_requests import RefundRequest, request_refund
from shop.payments.settling.sessions import settle_session
from tests.factories.shop import make_package
from tests.shop.payments.conftest import begin_payment


@pytest.fixture
def session(browser, standin) -> str:
    """Make a Checkout Session that waits for the buyer."""
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
    assert "Iron check" in text  # this browser ordered it
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


class TestOrderThatNeedsNoPayment:
    """The page speaks of the order as it stands, not only of the payment that somebody comes from."""

    def cancel(self) -> None:
        cancelling.cancel_unpaid(Order.objects.get().pk)

    def pay_another_way(self, standin, *, before: str = PaymentState.EXPIRED) -> Payment:
        """Pay the order by a second session; the first stays as it is at Stripe."""
        Payment.objects.update(state=before)
        again = begin_payment(Order.objects.get())
        standin.pay(again.session_id)
        settle_session(again.session_id, "webhook")
        return again

    def test_money_for_a_cancelled_order_goes_back_and_the_basket_stays(self, browser, standin, session):
        cancel_unpaid(Order.objects.get().pk, actor=Actor.STAFF)
        standin.pay(session)
        text = look(browser, session).content.decode()
        assert "the order is cancelled" in text
        assert "You get your money back" in text
        assert "Please do not pay again" in text
        assert "pack your order" not in text
        assert "Pay now" not in text
        assert BasketLine.objects.exists()

    def test_money_that_came_twice_goes_back(self, browser, standin, session):
        other = self.pay_another_way(standin)
        standin.pay(session)
        text = look(browser, session).content.decode()
        assert "Your order was paid twice" in text
        assert "You get this money back" in text
        assert "pack your order" not in text
        assert "pack your order next" in look(browser, other.session_id).content.decode()

    @pytest.mark.parametrize("end", ["expire", "fail"])
    def test_an_unpaid_session_of_a_paid_order_asks_for_no_payment(self, browser, standin, session, end):
        if end == "fail":
            standin.delay(session)
        getattr(standin, end)(session)
        look(browser, session)
        self.pay_another_way(standin)
        response = look(browser, session)
        text = response.content.decode()
        assert "Your order is paid already" in text
        assert "Pay now" not in text
        assert "start a new payment" not in text
        assert response["Referrer-Policy"] == "no-referrer"

    def test_an_ended_session_of_a_cancelled_order_asks_for_no_payment(self, browser, standin, session):
        self.cancel()
        text = look(browser, session).content.decode()
        assert "This order was cancelled" in text
        assert "Pay now" not in text
        assert "Your order is kept" not in text

    def test_a_payment_that_was_sent_back_from_a_paid_order_is_not_asked_for_again(
        self, browser, standin, session
    ):
        Payment.objects.update(state=PaymentState.SET_ASIDE)
        self.pay_another_way(standin, before=PaymentState.SET_ASIDE)
        text = look(browser, session).content.decode()
        assert "This payment was not used" in text
        assert "Pay now" not in text
        assert "pay it again" not in text

    def test_a_bank_payment_that_is_not_needed_promises_no_kit(self, browser, standin, session):
        cancel_unpaid(Order.objects.get().pk, actor=Actor.STAFF)
        standin.delay(session)
        text = look(browser, session).content.decode()
        assert "our staff send it back to you" in text
        assert "We write to you" not in text
        assert 'http-equiv="refresh"' not in text

    def test_while_another_payment_is_on_its_way_none_is_asked_for(self, browser, standin, session):
        standin.expire(session)
        look(browser, session)
        again = begin_payment(Order.objects.get())
        standin.delay(again.session_id)
        settle_session(again.session_id, "webhook")
        text = look(browser, session).content.decode()
        assert "Please do not pay again" in text
        assert "Pay now" not in text

    def test_after_the_parcel_left_nobody_packs_it(self, browser, standin, session, admin_user):
        standin.pay(session)
        look(browser, session)
        dispatch(Order.objects.get().pk, "Parcel Post", "PP123", admin_user)
        text = look(browser, session).content.decode()
        assert "Your order is on its way" in text
        assert "pack your order" not in text

    def test_after_all_money_was_given_back_no_kit_is_promised(self, browser, standin, session, admin_user):
        standin.pay(session)
        look(browser, session)
        request_refund(Order.objects.get(), RefundRequest(reason="Not needed"), user=admin_user)
        text = look(browser, session).content.decode()
        assert "No kit will be sent" in text
        assert "pack your order" not in text


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
