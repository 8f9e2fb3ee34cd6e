import threading

import pytest
import stripe

from tests.tools.stripe_standin.shop_side import client_for, session_params


def test_same_key_gives_the_first_answer_again(sessions, standin):
    params = session_params()
    first = sessions.create(params, {"idempotency_key": "order-1"})
    again = sessions.create(params, {"idempotency_key": "order-1"})

    assert again.id == first.id
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert again.last_response.headers["Original-Request"] == first.last_response.headers["Request-Id"]
    assert len(standin.store.select("checkout.session")) == 1


def test_replay_is_the_first_answer_even_when_the_object_has_changed(sessions, standin):
    params = session_params()
    session = sessions.create(params, {"idempotency_key": "order-1"})
    standin.pay(session.id)

    assert sessions.create(params, {"idempotency_key": "order-1"}).status == "open"


def test_same_key_with_other_parameters_is_refused(sessions):
    params = session_params()
    sessions.create(params, {"idempotency_key": "order-1"})

    with pytest.raises(stripe.IdempotencyError) as refused:
        sessions.create({**params, "client_reference_id": "CH-2"}, {"idempotency_key": "order-1"})
    assert refused.value.http_status == 400


def test_same_key_at_another_endpoint_is_refused(sessions, client, paid_session):
    sessions.create(session_params(), {"idempotency_key": "order-1"})

    with pytest.raises(stripe.IdempotencyError):
        client.v1.refunds.create(
            {"payment_intent": paid_session.payment_intent}, {"idempotency_key": "order-1"}
        )


def test_errors_are_replayed(paid_session, client, standin):
    params = {"payment_intent": paid_session.payment_intent}
    refund = client.v1.refunds.create(params)
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create(params, {"idempotency_key": "second"})
    # The refund could be made now, but this key has its answer.
    standin.fail_refund(refund.id)

    with pytest.raises(stripe.InvalidRequestError) as replayed:
        client.v1.refunds.create(params, {"idempotency_key": "second"})
    assert (replayed.value.headers or {})["Idempotent-Replayed"] == "true"


def test_parameters_refused_before_the_work_are_not_remembered(sessions):
    with pytest.raises(stripe.InvalidRequestError):
        sessions.create(session_params(zoo=1), {"idempotency_key": "order-1"})

    assert sessions.create(session_params(), {"idempotency_key": "order-1"}).status == "open"


def test_same_key_at_the_same_time_is_a_conflict(sessions, standin, client):
    params = session_params()
    standin.fault("slow", match="POST /v1/checkout/sessions", seconds=1)
    made = []
    slow = threading.Thread(
        target=lambda: made.append(sessions.create(params, {"idempotency_key": "order-1"}))
    )
    slow.start()
    with standin.store.changed:
        assert standin.store.changed.wait_for(lambda: "order-1" in standin.store.keys_in_use, 5)

    with pytest.raises(stripe.APIError) as refused:
        client_for(standin).v1.checkout.sessions.create(params, {"idempotency_key": "order-1"})
    assert refused.value.http_status == 409
    slow.join()
    assert sessions.create(params, {"idempotency_key": "order-1"}).id == made[0].id
