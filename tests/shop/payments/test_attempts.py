from contextlib import suppress
from datetime import timedelta

import pytest
import stripe
from django.utils import timezone

from shop.orders.models import OrderStatus
from shop.orders.transitions import TransitionRefused
from shop.payments import gateway
from shop.payments.attempts import PaymentNotPossible, start_payment
from shop.payments.cancelling import cancel_unpaid
from shop.payments.models import Cause, Payment, PaymentState
from shop.payments.settling.sessions import settle_session
from tests.shop.payments.conftest import begin_payment, open_sessions
from tests.shop.payments.interleaving import just_before_the_order_is_locked

pytestmark = pytest.mark.django_db


def session_at_stripe(standin, payment) -> dict:
    client = stripe.StripeClient(standin.secret_key, base_addresses={"api": standin.base_url})
    return client.v1.checkout.sessions.retrieve(
        payment.session_id, {"expand": ["line_items", "payment_intent"]}
    ).to_dict()


def test_the_session_names_the_order_and_no_health_topic(standin, order, payment):
    session = session_at_stripe(standin, payment)

    assert session["client_reference_id"] == order.code
    assert session["metadata"] == {"order": order.code, "payment": str(payment.pk)}
    assert session["amount_total"] == order.total_amount == 9900
    assert session["currency"] == "usd"
    assert session["customer_email"] == order.email
    assert [line["description"] for line in session["line_items"]["data"]] == [f"Order {order.code}"]
    assert order.lines.get().name not in str(session)
    assert session["automatic_tax"]["enabled"] is False
    assert session["adaptive_pricing"]["enabled"] is False


def test_the_payment_intent_carries_the_metadata_too(standin, order, payment):
    standin.pay(payment.session_id)

    intent = session_at_stripe(standin, payment)["payment_intent"]
    assert intent["metadata"] == {"order": order.code, "payment": str(payment.pk)}


def test_a_second_click_gets_the_same_session(standin, order, payment):
    again = begin_payment(order)

    assert (again.pk, again.url) == (payment.pk, payment.url)
    assert Payment.objects.count() == 1


def test_an_answer_that_got_lost_makes_no_second_session(standin, order):
    standin.fault("close", match="POST /v1/checkout/sessions", count=10)
    with pytest.raises(gateway.PaymentUnavailable):
        begin_payment(order)
    assert Payment.objects.get().state == PaymentState.CREATED

    standin.clear_faults()
    payment = begin_payment(order)

    assert payment.state == PaymentState.OPEN
    assert Payment.objects.count() == 1
    client = stripe.StripeClient(standin.secret_key, base_addresses={"api": standin.base_url})
    assert [session.id for session in client.v1.checkout.sessions.list().data] == [payment.session_id]


def test_after_an_answer_that_got_lost_a_try_from_another_page_begins_anew(standin, order):
    standin.fault("close", match="POST /v1/checkout/sessions", count=10)
    with pytest.raises(gateway.PaymentUnavailable):
        begin_payment(order)
    [never_shown] = open_sessions(standin)
    standin.clear_faults()

    again = begin_payment(order, cancel_url="http://testserver/orders/another-page/")

    assert again.session_id not in {None, never_shown}
    assert [attempt.state for attempt in order.payments.all()] == [PaymentState.EXPIRED, PaymentState.OPEN]
    # Nobody knows its address, but if money came all the same it would be found.
    standin.pay(never_shown)
    settle_session(never_shown, Cause.WEBHOOK)
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID


class TestOnePayableSession:
    def test_while_stripe_refuses_to_end_a_session_no_other_begins(self, standin, order, payment):
        standin.fault("refuse", match="POST /v1/checkout/sessions/*/expire", count=99)

        with pytest.raises(gateway.PaymentUnavailable, match="cannot be ended"):
            begin_payment(order, shows_email=False)

        assert open_sessions(standin) == [payment.session_id]
        assert Payment.objects.count() == 1

        standin.clear_faults()
        assert open_sessions(standin) == [payment.session_id]
        again = begin_payment(order, shows_email=False)
        assert open_sessions(standin) == [again.session_id]

    def test_a_session_that_another_tab_opens_meanwhile_is_ended_first(self, standin, order):
        with just_before_the_order_is_locked(lambda: begin_payment(order)):
            payment = begin_payment(order, shows_email=False)

        assert Payment.objects.count() == 2
        assert open_sessions(standin) == [payment.session_id]

    def test_an_older_session_that_is_open_after_all_is_ended_too(self, standin, order, payment):
        Payment.objects.filter(pk=payment.pk).update(state=PaymentState.EXPIRED)
        later = begin_payment(order)
        Payment.objects.filter(pk=payment.pk).update(state=PaymentState.OPEN)
        assert open_sessions(standin) == [payment.session_id, later.session_id]

        assert begin_payment(order) == later

        assert open_sessions(standin) == [later.session_id]


def test_stripe_out_of_reach_leaves_the_order_as_it_was(settings, standin, order):
    settings.STRIPE_API_BASE = "http://127.0.0.1:1"

    with pytest.raises(gateway.PaymentUnavailable):
        begin_payment(order)

    order.refresh_from_db()
    assert order.status == OrderStatus.AWAITING_PAYMENT


def test_an_expired_session_gives_way_to_a_new_one_at_the_same_price(standin, order, payment):
    standin.expire(payment.session_id)
    settle_session(payment.session_id, Cause.WEBHOOK)
    package = order.lines.get().package
    package.price_amount = 20000
    package.save()

    again = begin_payment(order)

    assert again.pk != payment.pk
    assert again.amount == 9900


def test_an_old_row_that_never_reached_stripe_is_not_used_again(standin, order):
    standin.fault("server_error", match="POST /v1/checkout/sessions", count=10)
    with pytest.raises(gateway.PaymentUnavailable):
        begin_payment(order)
    Payment.objects.update(created_at=timezone.now() - timedelta(hours=1))
    standin.clear_faults()

    assert begin_payment(order).state == PaymentState.OPEN
    assert Payment.objects.count() == 2


def test_a_session_that_is_about_to_end_is_ended_before_a_new_one_begins(standin, order, payment):
    Payment.objects.filter(pk=payment.pk).update(expires_at=timezone.now() + timedelta(minutes=2))

    again = begin_payment(order)

    assert again.pk != payment.pk
    assert session_at_stripe(standin, payment)["status"] == "expired"
    payment.refresh_from_db()
    assert payment.state == PaymentState.EXPIRED


def test_a_session_that_was_paid_unnoticed_is_settled_instead_of_followed_by_a_second(
    standin, order, payment
):
    standin.pay(payment.session_id)
    Payment.objects.filter(pk=payment.pk).update(expires_at=timezone.now())

    with pytest.raises(PaymentNotPossible):
        begin_payment(order)

    order.refresh_from_db()
    assert order.status == OrderStatus.PAID
    assert Payment.objects.count() == 1


def test_a_bank_payment_on_its_way_allows_no_second_payment(standin, order, payment):
    standin.delay(payment.session_id)
    settle_session(payment.session_id, Cause.WEBHOOK)

    with pytest.raises(PaymentNotPossible, match="has not been settled"):
        begin_payment(order)


def test_a_bank_payment_that_failed_unnoticed_gives_way_to_a_new_one(standin, order, payment):
    standin.delay(payment.session_id)
    settle_session(payment.session_id, Cause.WEBHOOK)
    standin.fail(payment.session_id)

    assert begin_payment(order).pk != payment.pk


def test_a_refusal_is_not_repeated_under_the_same_key(standin, order):
    with pytest.raises(gateway.PaymentRefused):
        start_payment(order, success_url="no address", cancel_url="http://testserver/")
    assert Payment.objects.get().state == PaymentState.FAILED

    assert begin_payment(order).state == PaymentState.OPEN


def test_a_failure_that_stripe_keeps_for_its_key_does_not_block_the_order(standin, order):
    standin.fault("server_error_after", match="POST /v1/checkout/sessions", count=1)
    with pytest.raises((gateway.PaymentUnavailable, gateway.PaymentRefused)):
        begin_payment(order)

    with suppress(gateway.PaymentRefused):
        begin_payment(order)
    assert begin_payment(order).state == PaymentState.OPEN


def test_a_session_that_stripe_forgot_stands_in_nobodys_way(standin, order, payment):
    Payment.objects.filter(pk=payment.pk).update(session_id="cs_test_gone")

    assert cancel_unpaid(order.pk) is True

    order.refresh_from_db()
    assert order.status == OrderStatus.CANCELLED


def test_a_paid_order_cannot_be_paid_again(standin, order, payment):
    standin.pay(payment.session_id)
    settle_session(payment.session_id, Cause.WEBHOOK)

    with pytest.raises(PaymentNotPossible):
        begin_payment(order)
    assert Payment.objects.count() == 1


class TestCancelling:
    def test_an_unpaid_order_ends_with_its_session(self, standin, order, payment):
        assert cancel_unpaid(order.pk) is True

        order.refresh_from_db()
        assert order.status == OrderStatus.CANCELLED
        assert session_at_stripe(standin, payment)["status"] == "expired"

    def test_an_order_that_was_paid_meanwhile_is_settled_instead(self, standin, order, payment):
        standin.pay(payment.session_id)

        assert cancel_unpaid(order.pk) is False

        order.refresh_from_db()
        assert order.status == OrderStatus.PAID

    def test_nothing_is_cancelled_while_stripe_is_out_of_reach(self, settings, standin, order, payment):
        settings.STRIPE_API_BASE = "http://127.0.0.1:1"

        with pytest.raises(gateway.PaymentUnavailable):
            cancel_unpaid(order.pk)

        order.refresh_from_db()
        assert order.status == OrderStatus.AWAITING_PAYMENT

    def test_a_bank_payment_on_its_way_keeps_the_order_alive(self, standin, order, payment):
        standin.delay(payment.session_id)

        with pytest.raises(TransitionRefused, match="not settled yet"):
            cancel_unpaid(order.pk)

        order.refresh_from_db()
        assert order.status == OrderStatus.AWAITING_PAYMENT
