from tests.tools.stripe_standin.shop_side import client_for, listening_endpoint, session_params
from tools.stripe_standin.running import running_standin

PAID = ["charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]


def test_webhook_is_tried_again_until_it_is_taken(new_session, standin, endpoint):
    endpoint.failures = [500, 503]
    standin.expire(new_session().id)
    standin.wait_until_delivered()

    assert endpoint.received == ["checkout.session.expired"]
    delivery = standin.deliveries()[0]
    assert (delivery["state"], delivery["attempts"]) == ("delivered", 3)
    assert standin.events()[0]["pending_webhooks"] == 0


def test_webhook_is_given_up_after_the_last_attempt(endpoint):
    endpoint.failures = [500] * 10
    with running_standin(endpoint.url, retry_seconds=(0.01, 0.01)) as standin:
        session = client_for(standin).v1.checkout.sessions.create(session_params())
        standin.expire(session.id)
        standin.wait_until_delivered()

        assert [(row["state"], row["attempts"]) for row in standin.deliveries()] == [("given up", 3)]
        assert standin.events()[0]["pending_webhooks"] == 1


def test_restart_goes_on_where_it_stopped(tmp_path):
    store = str(tmp_path / "standin.sqlite3")
    with running_standin(None, store=store) as standin:
        session = client_for(standin).v1.checkout.sessions.create(
            params := session_params(), {"idempotency_key": "order-1"}
        )
        standin.pay(session.id)

    with listening_endpoint() as endpoint, running_standin(endpoint.url, store=store) as standin:
        standin.wait_until_delivered()
        assert endpoint.received == PAID
        sessions = client_for(standin).v1.checkout.sessions
        assert sessions.retrieve(session.id).payment_status == "paid"
        assert sessions.create(params, {"idempotency_key": "order-1"}).id == session.id


def test_endpoint_that_is_away_gets_it_when_it_is_back(tmp_path):
    with listening_endpoint() as away:
        port = int(away.url.split(":")[2].split("/")[0])
    with running_standin(away.url, retry_seconds=(0.1,) * 50) as standin:
        standin.expire(client_for(standin).v1.checkout.sessions.create(session_params()).id)
        with standin.store.changed:
            assert standin.store.changed.wait_for(lambda: standin.deliveries()[0]["attempts"] > 0, 5)
        with listening_endpoint(port) as endpoint:
            standin.wait_until_delivered()
            assert endpoint.received == ["checkout.session.expired"]


def test_dropped_webhook_can_still_be_listed(new_session, standin, client, endpoint):
    standin.fault("drop", match="checkout.session.*")
    session = new_session()
    standin.pay(session.id)
    standin.wait_until_delivered()

    assert endpoint.received == PAID[:2]
    missed = client.v1.events.list({"delivery_success": False}).data
    assert [event.type for event in missed] == ["checkout.session.completed"]
    standin.resend(missed[0].id)
    standin.wait_until_delivered()
    assert endpoint.received == PAID


def test_repeated_webhook_is_the_same_event(new_session, standin, endpoint):
    standin.fault("repeat", copies=3, match="checkout.session.completed")
    standin.pay(new_session().id)
    standin.wait_until_delivered()

    assert endpoint.received == [*PAID, PAID[2], PAID[2]]
    assert len({event["id"] for event in endpoint.events[2:]}) == 1


def test_reordered_webhooks_come_last_first(new_session, standin, endpoint):
    standin.fault("reorder", count=3)
    standin.pay(new_session().id)
    standin.wait_until_delivered()

    assert endpoint.received == PAID[::-1]


def test_delayed_webhook_comes_after_the_others(new_session, standin, endpoint):
    standin.fault("delay", seconds=0.3, match="charge.succeeded")
    standin.pay(new_session().id)
    standin.wait_until_delivered()

    assert endpoint.received == [*PAID[1:], PAID[0]]


def test_forged_webhook_is_followed_by_a_true_one(new_session, standin, endpoint):
    standin.fault("forge", match="checkout.session.completed")
    standin.pay(new_session().id)
    standin.wait_until_delivered()

    assert endpoint.received == PAID
    assert len(endpoint.refused) == 1
    assert "expected signature" in endpoint.refused[0]


def test_stale_webhook_is_followed_by_a_fresh_one(new_session, standin, endpoint):
    standin.fault("stale", match="checkout.session.completed")
    standin.pay(new_session().id)
    standin.wait_until_delivered()

    assert endpoint.received == PAID
    assert "tolerance" in endpoint.refused[0]
