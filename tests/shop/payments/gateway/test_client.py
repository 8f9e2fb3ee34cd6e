import logging

import pytest
import stripe

from shop.payments import gateway
from tests.shop.payments.conftest import begin_payment

pytestmark = pytest.mark.django_db


def test_the_version_is_the_one_that_the_library_was_made_for():
    """An update of the library asks for a look at Stripe's changelog, not for a silent change of meaning."""
    assert stripe.api_version == gateway.API_VERSION


@pytest.mark.parametrize(
    ("key", "is_live"), [("sk_live_1", True), ("rk_live_1", True), ("sk_test_1", False), ("rk_test_1", False)]
)
def test_the_key_tells_the_mode(settings, key, is_live):
    settings.STRIPE_SECRET_KEY = key

    assert gateway.is_live() is is_live


def test_a_wrong_key_is_no_refusal_of_the_order(settings, standin, order):
    settings.STRIPE_SECRET_KEY = "sk_test_wrong"

    with pytest.raises(gateway.PaymentUnavailable, match="AuthenticationError 401"):
        begin_payment(order)


def test_too_many_requests_are_worth_another_try(standin, order):
    standin.fault("rate_limit", match="POST /v1/checkout/sessions", count=1)

    with pytest.raises(gateway.PaymentUnavailable):
        begin_payment(order)


def test_a_short_fault_is_tried_again_by_itself(standin, order):
    standin.fault("server_error", match="POST /v1/checkout/sessions", count=1)

    assert begin_payment(order).url


def test_what_stripe_says_of_the_buyer_gets_into_no_log(standin, order, caplog):
    order.email = "jo at example"

    with caplog.at_level(logging.DEBUG), pytest.raises(gateway.PaymentRefused) as refused:
        begin_payment(order)

    ours = [record.getMessage() for record in caplog.records if record.name.startswith("shop.")]
    assert "jo at example" not in str(refused.value) + "".join(ours)
    assert refused.value.__suppress_context__


def test_an_ended_session_is_given_as_it_is(standin, payment):
    standin.pay(payment.session_id)

    assert gateway.expire_session(payment.session_id).payment_status == "paid"


def test_an_unknown_session_is_an_error_of_its_own(standin):
    for ask in (gateway.retrieve_session, gateway.expire_session):
        with pytest.raises(gateway.ObjectNotFound):
            ask("cs_test_unknown")
