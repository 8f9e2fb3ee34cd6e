import time

import pytest
import stripe

from tests.tools.stripe_standin.shop_side import client_for, line, session_params


def test_new_session_is_open_and_unpaid(new_session, standin):
    session = new_session(customer_email="ann@example.org")

    assert session.id.startswith("cs_test_")
    assert (session.status, session.payment_status) == ("open", "unpaid")
    assert (session.amount_subtotal, session.amount_total, session.currency) == (10250, 10250, "eur")
    assert session.url == f"{standin.base_url}/pay/{session.id}"
    assert session.customer_email == session.customer_details.email == "ann@example.org"
    assert session.client_reference_id == "CH-1"
    assert session.metadata.to_dict() == {"order": "CH-1"}
    assert session.livemode is False
    assert session.payment_intent is None


def test_session_lives_a_day_unless_told_otherwise(new_session):
    session = new_session(expires_at=None)

    assert session.expires_at - session.created == 24 * 3600


def test_line_items_come_only_when_asked_for(new_session, sessions):
    session = new_session()

    assert not hasattr(sessions.retrieve(session.id), "line_items")
    lines = sessions.retrieve(session.id, {"expand": ["line_items"]}).line_items.data
    assert [(row.description, row.quantity, row.amount_total) for row in lines] == [
        ("Health check", 2, 9800),
        ("Delivery", 1, 450),
    ]
    assert lines[0].price.unit_amount == 4900


def test_line_items_have_pages(new_session, sessions):
    session = new_session()

    first = sessions.line_items.list(session.id, {"limit": 1})
    assert first.has_more
    assert [row.description for row in first.auto_paging_iter()] == ["Health check", "Delivery"]


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"zoo": 1}, "parameter_unknown", "zoo"),
        (
            {"line_items": [{**line(4900), "colour": "red"}]},
            "parameter_unknown",
            "line_items[0][colour]",
        ),
        (
            {"payment_intent_data": {"metadatum": {}, "meta": "x"}},
            "parameter_unknown",
            "payment_intent_data[meta]",
        ),
        ({"payment_method_types": ["card"]}, "parameter_unknown", "payment_method_types"),
        ({"line_items": []}, "parameter_missing", "line_items"),
        ({"line_items": [{"quantity": 1}]}, "parameter_missing", "line_items[0][price]"),
        (
            {"line_items": [{"quantity": 1, "price_data": {"currency": "eur", "unit_amount": 900}}]},
            "parameter_missing",
            "line_items[0][price_data]",
        ),
        ({"line_items": [line(4900, quantity=0)]}, "parameter_invalid_integer", "line_items[0][quantity]"),
        ({"line_items": [line(49)]}, "amount_too_small", None),
        ({"line_items": [line(99_999_999, quantity=2)]}, "amount_too_large", None),
        ({"line_items": [line(990_050, currency="isk")]}, None, "line_items"),
        ({"line_items": [line(5124, currency="kwd")]}, None, "line_items"),
        ({"line_items": [line(900, currency="ang")]}, None, "line_items[0][price_data][currency]"),
        ({"line_items": [line(900, currency="xxq")]}, None, "line_items[0][price_data][currency]"),
        ({"line_items": [line(900), line(900, currency="gbp")]}, None, "line_items"),
        ({"line_items": [{"quantity": 1, "price": "price_1"}]}, "resource_missing", "line_items[0][price]"),
        ({"mode": None}, "parameter_missing", "mode"),
        ({"mode": "gift"}, None, "mode"),
        ({"mode": "subscription"}, None, "mode"),
        ({"success_url": None}, "parameter_missing", "success_url"),
        ({"success_url": "/return/"}, "url_invalid", "success_url"),
        ({"cancel_url": "shop.test"}, "url_invalid", "cancel_url"),
        ({"customer_email": ""}, "parameter_invalid_empty", "customer_email"),
        ({"customer_email": "ann"}, "email_invalid", "customer_email"),
        ({"expires_at": "soon"}, "parameter_invalid_integer", "expires_at"),
        ({"metadata": {"k" * 41: "v"}}, None, "metadata[" + "k" * 41 + "]"),
        ({"metadata": {"k": "v" * 501}}, None, "metadata[k]"),
        ({"metadata": {str(number) + "k": "v" for number in range(51)}}, None, "metadata"),
        ({"client_reference_id": "x" * 201}, None, "client_reference_id"),
        ({"discounts": [{"coupon": "SAVE"}]}, None, "discounts"),
        ({"automatic_tax": {"enabled": True}}, None, "automatic_tax[enabled]"),
        ({"expand": ["customer"]}, None, "expand"),
    ],
)
def test_refuses_what_stripe_refuses(sessions, standin, changes, code, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sessions.create(session_params(**changes))

    assert refused.value.http_status == 400
    assert (refused.value.code, refused.value.param) == (code, param)
    assert standin.store.select("checkout.session") == []


@pytest.mark.parametrize("seconds", [30 * 60 - 5, 24 * 3600 + 5])
def test_refuses_an_end_too_near_or_too_far(sessions, seconds):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sessions.create(session_params(expires_at=int(time.time()) + seconds))

    assert refused.value.param == "expires_at"


@pytest.mark.parametrize("seconds", [30 * 60 + 5, 24 * 3600 - 5])
def test_takes_an_end_within_bounds(new_session, seconds):
    assert new_session(expires_at=int(time.time()) + seconds).status == "open"


def test_tax_and_adaptive_pricing_can_be_switched_off(new_session):
    session = new_session(automatic_tax={"enabled": False}, adaptive_pricing={"enabled": False})

    assert session.automatic_tax.enabled is False
    assert session.adaptive_pricing.enabled is False


def test_unknown_session_is_a_404(sessions):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sessions.retrieve("cs_test_nobody")

    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")


def test_unknown_path_is_a_404(client):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.customers.list()

    assert refused.value.http_status == 404


def test_wrong_key_is_refused(standin):
    client = client_for(standin, api_key="sk_test_somebody_else")

    with pytest.raises(stripe.AuthenticationError) as refused:
        client.v1.checkout.sessions.list()
    assert refused.value.http_status == 401
    assert "somebody_else" not in str(refused.value)


def test_answers_carry_stripes_headers(sessions):
    headers = sessions.create(session_params(), {"idempotency_key": "k1"}).last_response.headers

    assert headers["Request-Id"].startswith("req_")
    assert headers["Stripe-Version"] == stripe.api_version
    assert headers["Idempotency-Key"] == "k1"


def test_open_session_can_be_expired_once(new_session, sessions, standin, endpoint):
    session = new_session()

    expired = sessions.expire(session.id)
    assert (expired.status, expired.payment_status, expired.url) == ("expired", "unpaid", None)
    with pytest.raises(stripe.InvalidRequestError):
        sessions.expire(session.id)
    standin.wait_until_delivered()
    assert endpoint.received == ["checkout.session.expired"]


def test_paid_session_cannot_be_expired(paid_session, sessions):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sessions.expire(paid_session.id)

    assert "complete" in str(refused.value)


def test_sessions_are_listed_newest_first_in_pages(new_session, sessions):
    made = [new_session().id for _ in range(5)]

    first = sessions.list({"limit": 2})
    assert [session.id for session in first.data] == [made[4], made[3]]
    assert first.has_more
    assert [session.id for session in first.auto_paging_iter()] == made[::-1]
    before = sessions.list({"limit": 2, "ending_before": made[1]})
    assert [session.id for session in before.data] == [made[3], made[2]]
    assert before.has_more


def test_sessions_are_found_by_intent_and_status(paid_session, new_session, sessions):
    open_session = new_session()

    by_intent = sessions.list({"payment_intent": paid_session.payment_intent})
    assert [session.id for session in by_intent.data] == [paid_session.id]
    assert [session.id for session in sessions.list({"status": "open"}).data] == [open_session.id]


def test_listing_refuses_bad_limits_and_cursors(sessions):
    with pytest.raises(stripe.InvalidRequestError):
        sessions.list({"limit": 101})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sessions.list({"starting_after": "cs_test_nobody"})
    assert refused.value.code == "resource_missing"
