import pytest
import stripe

from tests.tools.stripe_standin.shop_side import client_for, session_params
from tools.stripe_standin import faults
from tools.stripe_standin.running import running_standin


def refund_once(client, session, **options):
    return client.v1.refunds.create(
        {"payment_intent": session.payment_intent, "amount": 100}, {"idempotency_key": "once", **options}
    )


def test_hang_does_the_work_and_the_retry_learns_of_it(paid_session, standin, client):
    impatient = client_for(standin, http_client=stripe.RequestsClient(timeout=0.3))
    standin.fault("hang", match="POST /v1/refunds", seconds=60)

    with pytest.raises(stripe.APIConnectionError):
        refund_once(impatient, paid_session)
    refund = refund_once(client, paid_session)
    assert refund.last_response.headers["Idempotent-Replayed"] == "true"
    assert standin.books()["totals"]["eur"]["refunded"] == 100


def test_close_does_the_work_and_the_sdks_own_retry_learns_of_it(paid_session, standin):
    stubborn = stripe.StripeClient(
        standin.secret_key, base_addresses={"api": standin.base_url}, max_network_retries=2
    )
    standin.fault("close", match="POST /v1/refunds")

    assert refund_once(stubborn, paid_session).amount == 100
    assert standin.books()["totals"]["eur"]["refunded"] == 100


def test_server_error_before_the_work_can_be_tried_again(paid_session, standin, client):
    standin.fault("server_error", match="POST /v1/refunds")

    with pytest.raises(stripe.APIError):
        refund_once(client, paid_session)
    assert standin.books()["totals"]["eur"]["refunded"] == 0
    assert refund_once(client, paid_session).amount == 100


def test_server_error_after_the_work_stays_the_keys_answer(paid_session, standin, client):
    standin.fault("server_error_after", match="POST /v1/refunds")

    for _ in range(2):
        with pytest.raises(stripe.APIError) as error:
            refund_once(client, paid_session)
        assert error.value.http_status == 500
    assert [refund.amount for refund in client.v1.refunds.list().data] == [100]


def test_refuse_does_nothing_and_keeps_no_answer_for_the_key(paid_session, standin, client):
    standin.fault("refuse", match="POST /v1/refunds")

    with pytest.raises(stripe.InvalidRequestError):
        refund_once(client, paid_session)
    assert refund_once(client, paid_session).amount == 100


def test_rate_limit(paid_session, standin, client):
    standin.fault("rate_limit", count=2)

    for _ in range(2):
        with pytest.raises(stripe.RateLimitError):
            refund_once(client, paid_session)
    assert refund_once(client, paid_session).amount == 100


def test_fault_with_a_pattern_strikes_only_there(standin, client, paid_session):
    standin.fault("server_error", match="POST /v1/refunds")

    assert client.v1.checkout.sessions.retrieve(paid_session.id).payment_status == "paid"
    assert [fault.remaining for fault in faults.active_faults(standin.store)] == [1]


def test_probability_repeats_with_the_same_seed():
    def struck() -> list[bool]:
        with running_standin(seed=7) as standin:
            standin.fault("server_error", probability=0.5)
            answers = []
            for _ in range(20):
                try:
                    client_for(standin).v1.checkout.sessions.create(session_params())
                    answers.append(False)
                except stripe.APIError:
                    answers.append(True)
            return answers

    first = struck()
    assert first == struck()
    assert {True, False} == set(first)


def test_faults_from_the_command_line():
    assert faults.parse_fault("drop,count=2,match=charge.*") == faults.Fault("drop", "charge.*", remaining=2)
    assert faults.parse_fault("hang,probability=0.1,seconds=3") == faults.Fault(
        "hang", remaining=None, probability=0.1, seconds=3.0
    )


@pytest.mark.parametrize("text", ["explode", "drop,often=2", "drop,count=many", "drop,probability=2"])
def test_unusable_faults_are_refused(text):
    with pytest.raises(ValueError, match=r"."):
        faults.parse_fault(text)
