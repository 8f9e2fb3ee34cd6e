import pytest
import stripe


def test_full_refund(paid_session, client, standin, endpoint):
    refund = client.v1.refunds.create(
        {
            "payment_intent": paid_session.payment_intent,
            "reason": "requested_by_customer",
            "metadata": {"order": "CH-1"},
        }
    )

    assert (refund.status, refund.amount, refund.currency) == ("succeeded", 10250, "eur")
    assert refund.metadata.to_dict() == {"order": "CH-1"}
    charge = client.v1.charges.retrieve(refund.charge, {"expand": ["refunds"]})
    assert (charge.refunded, charge.amount_refunded) == (True, 10250)
    assert [row.id for row in charge.refunds.data] == [refund.id]
    standin.wait_until_delivered()
    assert endpoint.received[-2:] == ["refund.created", "charge.refunded"]


def test_partial_refunds_up_to_what_is_left(paid_session, client):
    intent = paid_session.payment_intent
    first = client.v1.refunds.create({"payment_intent": intent, "amount": 250})
    charge = client.v1.charges.retrieve(first.charge)
    assert (charge.refunded, charge.amount_refunded) == (False, 250)

    with pytest.raises(stripe.InvalidRequestError, match=r"€100\.01.*€100\.00") as refused:
        client.v1.refunds.create({"payment_intent": intent, "amount": 10001})
    assert refused.value.param == "amount"

    rest = client.v1.refunds.create({"charge": first.charge})
    assert rest.amount == 10000
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": intent})
    assert refused.value.code == "charge_already_refunded"
    listed = client.v1.refunds.list({"payment_intent": intent}).data
    assert [row.amount for row in listed] == [10000, 250]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, "parameter_missing"),
        ({"payment_intent": "pi_nobody"}, "resource_missing"),
        ({"charge": "ch_nobody"}, "resource_missing"),
        ({"charge": "ch_1", "sum": 1}, "parameter_unknown"),
    ],
)
def test_refuses_a_refund_of_nothing(client, params, code):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create(params)

    assert refused.value.code == code


@pytest.mark.parametrize("amount", [0, -1])
def test_refuses_amounts_that_are_not_positive(paid_session, client, amount):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": paid_session.payment_intent, "amount": amount})


def test_refuses_to_refund_what_is_not_paid(new_session, standin, client):
    session = new_session()
    standin.decline(session.id)
    intent = client.v1.payment_intents.list().data[0]

    with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
        client.v1.refunds.create({"payment_intent": intent.id})


def test_refund_fails_later_and_the_money_is_back(paid_session, client, standin, endpoint):
    refund = client.v1.refunds.create({"payment_intent": paid_session.payment_intent})
    standin.fail_refund(refund.id)

    failed = client.v1.refunds.retrieve(refund.id)
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    charge = client.v1.charges.retrieve(refund.charge)
    assert (charge.refunded, charge.amount_refunded) == (False, 0)
    assert standin.books()["totals"]["eur"]["net"] == 10250
    standin.wait_until_delivered()
    assert endpoint.received[-2:] == ["refund.updated", "refund.failed"]
    assert client.v1.refunds.create({"payment_intent": paid_session.payment_intent}).amount == 10250


def test_pending_refund_is_decided_later(paid_session, client, standin, endpoint):
    standin.fault("pending_refund")
    refund = client.v1.refunds.create({"payment_intent": paid_session.payment_intent, "amount": 100})
    assert refund.status == "pending"

    standin.act("refunds", refund.id, "succeed")
    assert client.v1.refunds.retrieve(refund.id).status == "succeeded"
    standin.wait_until_delivered()
    assert endpoint.events[-1]["type"] == "refund.updated"
    assert endpoint.events[-1]["data"]["previous_attributes"]["status"] == "pending"


def test_refund_of_a_bank_payment_is_pending(new_session, standin, client):
    session = new_session()
    standin.delay(session.id)
    standin.settle(session.id)

    refund = standin.refund(session.id, 100)
    assert client.v1.refunds.retrieve(refund["id"]).status == "pending"


def test_dashboard_refund_has_no_request_behind_it(paid_session, standin, endpoint):
    standin.refund(paid_session.id)
    standin.wait_until_delivered()

    assert endpoint.events[-1]["request"] == {"id": None, "idempotency_key": None}


def test_refund_by_the_shop_names_its_request(paid_session, client, standin, endpoint):
    client.v1.refunds.create({"payment_intent": paid_session.payment_intent}, {"idempotency_key": "refund-1"})
    standin.wait_until_delivered()

    assert endpoint.events[-1]["request"]["idempotency_key"] == "refund-1"
