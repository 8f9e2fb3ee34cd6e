import pytest

from tools.stripe_standin.errors import NotPossible


def received(standin, endpoint):
    standin.wait_until_delivered()
    return endpoint.received


def test_paid_by_card(new_session, standin, sessions, endpoint):
    session = new_session(customer_email="ann@example.org")
    standin.pay(session.id, name="Ann Example")

    paid = sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert (paid.customer_details.email, paid.customer_details.name) == ("ann@example.org", "Ann Example")
    intent = paid.payment_intent
    assert (intent.status, intent.amount, intent.amount_received) == ("succeeded", 10250, 10250)
    charge = intent.latest_charge
    assert (charge.status, charge.paid, charge.captured, charge.amount) == ("succeeded", True, True, 10250)
    assert charge.payment_intent == intent.id
    assert received(standin, endpoint) == [
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]
    assert endpoint.events[-1]["data"]["object"]["payment_status"] == "paid"


def test_session_metadata_stays_off_the_intent(paid_session, client):
    intent = client.v1.payment_intents.retrieve(paid_session.payment_intent)

    assert paid_session.metadata.to_dict() == {"order": "CH-1"}
    assert intent.metadata.to_dict() == {}


def test_intent_has_its_own_metadata(new_session, standin, client):
    session = new_session(payment_intent_data={"metadata": {"order": "CH-2"}, "description": "Order CH-2"})
    standin.pay(session.id)

    intent = client.v1.payment_intents.list().data[0]
    assert intent.metadata.to_dict() == {"order": "CH-2"}
    assert intent.description == "Order CH-2"


def test_declined_card_leaves_the_session_open(new_session, standin, sessions, client, endpoint):
    session = new_session()
    standin.decline(session.id)

    declined = sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (declined.status, declined.payment_status) == ("open", "unpaid")
    assert declined.payment_intent.status == "requires_payment_method"
    assert declined.payment_intent.last_payment_error.code == "card_declined"
    assert received(standin, endpoint) == ["charge.failed", "payment_intent.payment_failed"]

    standin.pay(session.id)
    paid = sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert paid.payment_intent.id == declined.payment_intent.id
    assert paid.payment_intent.last_payment_error is None
    charges = client.v1.charges.list({"payment_intent": paid.payment_intent.id}).data
    assert [charge.status for charge in charges] == ["succeeded", "failed"]


def test_delayed_payment_arrives_later(new_session, standin, sessions, endpoint):
    session = new_session()
    standin.delay(session.id)

    waiting = sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")
    assert (waiting.payment_intent.status, waiting.payment_intent.amount_received) == ("processing", 0)
    assert received(standin, endpoint) == ["checkout.session.completed"]

    standin.settle(session.id)
    assert sessions.retrieve(session.id).payment_status == "paid"
    assert received(standin, endpoint)[-1] == "checkout.session.async_payment_succeeded"
    assert endpoint.events[-1]["data"]["object"]["payment_status"] == "paid"


def test_delayed_payment_fails_later(new_session, standin, sessions, endpoint):
    session = new_session()
    standin.delay(session.id)
    standin.fail(session.id)

    failed = sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (failed.status, failed.payment_status) == ("complete", "unpaid")
    assert failed.payment_intent.amount_received == 0
    assert received(standin, endpoint)[-1] == "checkout.session.async_payment_failed"


def test_cards_only_means_no_delayed_payment(new_session, standin):
    session = new_session(allowed_payment_method_types=["card"])

    assert session.payment_method_types == ["card"]
    with pytest.raises(NotPossible, match="cards only"):
        standin.delay(session.id)


def test_session_expires_by_itself_when_its_time_passes(new_session, standin, sessions, endpoint):
    session = new_session()
    standin.store.change({**standin.store.find("checkout.session", session.id), "expires_at": 1})

    # Nobody asks: the delivery thread notices.
    with standin.store.changed:
        assert standin.store.changed.wait_for(lambda: standin.store.select("event"), 5)
    assert received(standin, endpoint) == ["checkout.session.expired"]
    assert sessions.retrieve(session.id).status == "expired"


def test_expired_session_cancels_the_intent_of_a_declined_try(new_session, standin, client):
    session = new_session()
    standin.decline(session.id)
    standin.lapse(session.id)

    intent = client.v1.payment_intents.list().data[0]
    assert (intent.status, intent.cancellation_reason) == ("canceled", "expired")


@pytest.mark.parametrize("action", ["pay", "decline", "delay", "expire", "lapse", "settle", "fail"])
def test_expired_session_takes_nothing_more(new_session, standin, action):
    session = new_session()
    standin.expire(session.id)

    with pytest.raises(NotPossible):
        getattr(standin, action)(session.id)
    assert standin.books()["payment_intents"] == []


def test_session_is_paid_once(paid_session, standin):
    with pytest.raises(NotPossible):
        standin.pay(paid_session.id)

    assert standin.books()["totals"]["eur"]["received"] == 10250
