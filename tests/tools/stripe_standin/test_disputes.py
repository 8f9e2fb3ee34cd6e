import pytest
import stripe

from tools.stripe_standin.errors import NotPossible


def books_of(standin):
    return standin.books()["totals"]["eur"]


def test_dispute_withdraws_the_money(paid_session, standin, client, endpoint):
    dispute = standin.dispute(paid_session.id)

    found = client.v1.disputes.list({"payment_intent": paid_session.payment_intent}).data[0]
    assert (found.id, found.status, found.amount) == (dispute["id"], "needs_response", 10250)
    assert client.v1.charges.retrieve(found.charge).disputed is True
    standin.wait_until_delivered()
    assert endpoint.received[-2:] == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    assert books_of(standin) == {"received": 10250, "refunded": 0, "disputed": 10250, "net": 0}


def test_won_dispute_brings_the_money_back(paid_session, standin, client, endpoint):
    dispute = standin.dispute(paid_session.id)
    standin.act("disputes", dispute["id"], "review")
    standin.close_dispute(dispute["id"], won=True)

    assert client.v1.disputes.retrieve(dispute["id"]).status == "won"
    standin.wait_until_delivered()
    assert endpoint.received[-3:] == [
        "charge.dispute.updated",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
    ]
    assert books_of(standin)["net"] == 10250


def test_lost_dispute_keeps_the_money(paid_session, standin, client):
    dispute = standin.dispute(paid_session.id)
    standin.close_dispute(dispute["id"], won=False)

    assert client.v1.disputes.retrieve(dispute["id"]).status == "lost"
    assert books_of(standin)["net"] == 0
    with pytest.raises(NotPossible, match="lost"):
        standin.close_dispute(dispute["id"], won=True)


def test_dispute_is_about_what_is_left(paid_session, standin):
    standin.refund(paid_session.id, 250)

    with pytest.raises(NotPossible):
        standin.dispute(paid_session.id, 10001)
    assert standin.dispute(paid_session.id)["amount"] == 10000
    assert books_of(standin) == {"received": 10250, "refunded": 250, "disputed": 10000, "net": 0}


def test_an_inquiry_takes_nothing_and_can_be_ended_by_a_refund(paid_session, standin, client, endpoint):
    dispute = standin.inquire(paid_session.id)
    standin.act("disputes", dispute["id"], "review")

    found = client.v1.disputes.retrieve(dispute["id"])
    assert (found.status, found.is_charge_refundable) == ("warning_under_review", True)
    assert books_of(standin)["net"] == 10250
    with pytest.raises(NotPossible):
        standin.close_dispute(dispute["id"], won=False)
    assert client.v1.refunds.create({"payment_intent": paid_session.payment_intent}).status == "succeeded"
    assert standin.close_dispute(dispute["id"], won=True)["status"] == "warning_closed"
    assert "charge.dispute.funds_withdrawn" not in endpoint.received


def test_an_inquiry_becomes_a_dispute_that_is_won(paid_session, standin, client):
    dispute = standin.inquire(paid_session.id)
    standin.act("disputes", dispute["id"], "escalate")
    assert books_of(standin)["disputed"] == 10250
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": paid_session.payment_intent})

    standin.close_dispute(dispute["id"], won=True)
    assert client.v1.disputes.retrieve(dispute["id"]).is_charge_refundable
    assert client.v1.refunds.create({"payment_intent": paid_session.payment_intent}).amount == 10250


def test_disputed_charge_cannot_be_refunded(paid_session, standin, client):
    standin.dispute(paid_session.id)

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": paid_session.payment_intent})
    assert refused.value.code == "charge_disputed"


def test_unpaid_session_cannot_be_disputed(new_session, standin):
    with pytest.raises(NotPossible, match="not been paid"):
        standin.dispute(new_session().id)


def test_early_fraud_warning(paid_session, standin, client, endpoint):
    warning = standin.warn_of_fraud(paid_session.id)

    found = client.v1.radar.early_fraud_warnings.retrieve(warning["id"], {"expand": ["charge"]})
    assert found.actionable is True
    assert found.charge.payment_intent == paid_session.payment_intent
    standin.wait_until_delivered()
    assert endpoint.received[-1] == "radar.early_fraud_warning.created"
