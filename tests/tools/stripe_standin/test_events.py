import pytest
import stripe

from tools.stripe_standin.configuration import WEBHOOK_SECRET


@pytest.fixture
def busy(standin, paid_session):
    standin.refund(paid_session.id, 100)
    standin.refund(paid_session.id, 200)
    return standin.events()


def test_events_are_listed_newest_first_in_pages(client, busy):
    listed = client.v1.events.list({"limit": 2})

    assert listed.has_more
    assert [event.id for event in listed.auto_paging_iter()] == [event["id"] for event in busy][::-1]


def test_events_are_found_by_type(client, busy):
    refunds = client.v1.events.list({"type": "refund.created"}).data
    assert [event.data.object.amount for event in refunds] == [200, 100]

    types = {event.type for event in client.v1.events.list({"types": ["charge.*", "refund.created"]}).data}
    assert types == {"charge.succeeded", "charge.refunded", "refund.created"}
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.events.list({"type": "charge.*", "types": ["charge.*"]})


def test_events_are_found_by_time(client, busy):
    newest = max(event["created"] for event in busy)

    assert len(client.v1.events.list({"created": {"gte": busy[0]["created"]}}).data) == len(busy)
    assert client.v1.events.list({"created": {"gt": newest}}).data == []


def test_event_keeps_the_object_as_it_was(client, busy):
    first = next(event for event in busy if event["type"] == "charge.refunded")

    assert client.v1.events.retrieve(first["id"]).data.object.amount_refunded == 100
    assert first["api_version"] == stripe.api_version


def test_signed_event_passes_the_sdks_check(standin, busy):
    body, signature = standin.signed(busy[-1])

    assert stripe.Webhook.construct_event(body, signature, WEBHOOK_SECRET).id == busy[-1]["id"]


@pytest.mark.parametrize("tamper", ["forge", "stale"])
def test_spoiled_event_fails_the_sdks_check(standin, busy, tamper):
    body, signature = standin.signed(busy[-1], tamper)

    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, signature, WEBHOOK_SECRET)
