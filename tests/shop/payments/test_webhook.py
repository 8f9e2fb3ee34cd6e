import json

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from shop.cases.models import Case, CaseKind, CaseState
from shop.mail.models import OutboxMail
from shop.orders.models import OrderStatus
from shop.orders.timeline import TimelineKind
from shop.payments.models import EventState, Payment, PaymentState, WebhookEvent
from tests.factories.shop import make_site_settings
from tools.stripe_standin.events import signature

pytestmark = pytest.mark.django_db

COMPLETED = "checkout.session.completed"


def test_a_completed_session_settles_the_order(standin, order, payment, post_event):
    standin.pay(payment.session_id)

    assert post_event(COMPLETED).status_code == 200

    order.refresh_from_db()
    event = WebhookEvent.objects.get()
    assert order.status == OrderStatus.PAID
    assert (event.state, event.object_id) == (EventState.HANDLED, payment.session_id)


def test_the_same_event_twenty_times_has_one_effect(standin, order, payment, post_event):
    standin.pay(payment.session_id)

    answers = {post_event(COMPLETED).status_code for _ in range(20)}

    assert answers == {200}
    assert WebhookEvent.objects.count() == 1
    assert order.timeline.filter(kind=TimelineKind.PAID).count() == 1
    assert OutboxMail.objects.filter(kind="order_paid").count() == 1


@pytest.mark.parametrize("tamper", ["forge", "stale"])
def test_a_forged_or_stale_event_is_refused_and_not_kept(standin, order, payment, post_event, tamper):
    standin.pay(payment.session_id)
    event = standin.events(COMPLETED)[-1]
    _body, signature = standin.signed(event, tamper=tamper)

    assert post_event(COMPLETED, signature=signature).status_code == 400

    order.refresh_from_db()
    assert order.status == OrderStatus.AWAITING_PAYMENT
    assert not WebhookEvent.objects.exists()


def test_a_changed_body_is_refused(standin, order, payment, post_event):
    standin.pay(payment.session_id)
    body, _signature = standin.signed(standin.events(COMPLETED)[-1])

    assert post_event(COMPLETED, body=body.replace(b"9900", b"9901")).status_code == 400
    assert not WebhookEvent.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe"])
def test_garbage_is_refused(client, standin, body):
    response = client.post(reverse("payments:webhook"), data=body, content_type="application/json")

    assert response.status_code == 400


@pytest.mark.parametrize("signature", ["é", "t=1,v1=é", "t=é,v1=0", "t=" + "9" * 5000 + ",v1=0", "v1", ",=,"])
def test_an_odd_signature_is_refused(client, standin, signature):
    response = client.post(
        reverse("payments:webhook"), "{}", content_type="application/json", HTTP_STRIPE_SIGNATURE=signature
    )
    assert response.status_code == 400


def post_signed(client, standin, text: str):
    """Post a text that is signed with Stripe's own key, whatever it says, and return the response."""
    body = text.encode()
    return client.post(
        reverse("payments:webhook"),
        body,
        content_type="application/json",
        headers={"Stripe-Signature": signature(body, standin.webhook_secret)},
    )


EVENT = {
    "id": "evt_1",
    "type": COMPLETED,
    "livemode": False,
    "api_version": "2026-10-28.endive",
    "created": 1,
    "data": {"object": {"id": "cs_test_1", "object": "checkout.session", "metadata": {"order": "A"}}},
}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{",
        "[" * 100_000,
        '{"id": ' + "9" * 5000 + "}",
        '{"id": "\\ud800"}',
        *(
            json.dumps({**EVENT, name: value})
            for name in EVENT
            for value in (None, 7, [], {}, "\0", "x" * 300)
        ),
        json.dumps({**EVENT, "data": {"object": {**EVENT["data"]["object"], "id": 7}}}),
        json.dumps({**EVENT, "data": {"object": {**EVENT["data"]["object"], "id": "../events"}}}),
        *(
            json.dumps({**EVENT, "data": {"object": {**EVENT["data"]["object"], "metadata": value}}})
            for value in (None, 7, [], "A", {"order": "\0"}, {"order": {"a": 1}}, {"order": 1e400})
        ),
    ],
)
def test_a_signed_event_of_any_form_is_kept_once_and_needs_no_second_try(client, standin, text):
    make_site_settings()
    assert {post_signed(client, standin, text).status_code for _again in range(2)} == {200}

    event = WebhookEvent.objects.get()
    assert event.state == EventState.SET_ASIDE
    assert Case.objects.filter(reference=f"event:{event.pk}", state=CaseState.OPEN).count() == 1
    assert OutboxMail.objects.filter(reference=f"event:{event.pk}").count() == 1


def test_during_a_rotation_both_secrets_are_taken(settings, standin, order, payment, post_event):
    settings.STRIPE_WEBHOOK_SECRET = f"whsec_new, {standin.webhook_secret}"
    standin.pay(payment.session_id)

    assert post_event(COMPLETED).status_code == 200


def test_no_name_or_address_is_kept(standin, order, payment, post_event):
    standin.pay(payment.session_id, email="jo@example.org", name="Jo Sample")

    post_event(COMPLETED)

    kept = str(WebhookEvent.objects.get().payload)
    assert "jo@example.org" not in kept
    assert "Jo Sample" not in kept
    assert payment.session_id in kept


def test_a_payment_for_an_unknown_order_is_kept_and_reported(standin, order, payment, post_event):
    standin.pay(payment.session_id)
    Payment.objects.all().delete()

    assert post_event(COMPLETED).status_code == 200

    order.refresh_from_db()
    event = WebhookEvent.objects.get()
    assert order.status == OrderStatus.AWAITING_PAYMENT
    assert (event.state, bool(event.reason)) == (EventState.SET_ASIDE, True)
    assert OutboxMail.objects.filter(kind="payment_attention", reference=f"event:{event.pk}").count() == 1
    case = Case.objects.get(reference=f"event:{event.pk}")
    assert (case.kind, case.state) == (CaseKind.UNKNOWN_PAYMENT, CaseState.OPEN)
    assert case.data["object"] == payment.session_id


def test_an_event_of_the_other_mode_is_kept_aside(settings, standin, order, payment, post_event):
    standin.pay(payment.session_id)
    settings.STRIPE_SECRET_KEY = "sk_live_1"

    assert post_event(COMPLETED).status_code == 200

    order.refresh_from_db()
    assert order.status == OrderStatus.AWAITING_PAYMENT
    assert WebhookEvent.objects.get().state == EventState.SET_ASIDE


def test_a_kind_that_the_shop_does_not_use_is_answered_with_200(standin, order, payment, post_event):
    standin.pay(payment.session_id)

    assert post_event("payment_intent.succeeded").status_code == 200

    order.refresh_from_db()
    assert order.status == OrderStatus.AWAITING_PAYMENT
    assert WebhookEvent.objects.get().state == EventState.IGNORED


def test_a_failure_is_answered_with_500_kept_and_mended_by_the_next_delivery(
    settings, standin, order, payment, post_event
):
    standin.pay(payment.session_id)
    settings.STRIPE_API_BASE = "http://127.0.0.1:1"

    assert post_event(COMPLETED).status_code == 500

    event = WebhookEvent.objects.get()
    order.refresh_from_db()
    assert event.state == EventState.FAILED
    assert "StripeUnreachable" in event.traceback
    assert order.status == OrderStatus.AWAITING_PAYMENT
    case = Case.objects.get()
    assert (case.kind, case.reference) == (CaseKind.FAILED_EVENT, f"event:{event.pk}")

    settings.STRIPE_API_BASE = standin.base_url
    assert post_event(COMPLETED).status_code == 200
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID
    assert WebhookEvent.objects.get().state == EventState.HANDLED
    case.refresh_from_db()
    assert (case.state, case.closed_by) == (CaseState.CLOSED, None)


def test_a_failure_that_quotes_a_row_leaves_no_word_of_it_in_its_case(standin, order, payment, post_event):
    standin.pay(payment.session_id)

    with connection.execute_wrapper(lose_the_mail_to_staff):
        post_event(COMPLETED)

    case = Case.objects.get()
    assert "OperationalError" in case.reason
    assert "disk" not in f"{case.reason} {case.data}"


def test_a_fault_midway_rolls_everything_back_and_the_next_delivery_mends_it(
    standin, order, payment, post_event
):
    standin.pay(payment.session_id)

    with connection.execute_wrapper(lose_the_mail_to_staff):
        assert post_event(COMPLETED).status_code == 500

    order.refresh_from_db()
    payment.refresh_from_db()
    assert (order.status, payment.state) == (OrderStatus.AWAITING_PAYMENT, PaymentState.OPEN)
    assert not order.timeline.filter(kind=TimelineKind.PAID).exists()
    assert not OutboxMail.objects.filter(kind="order_paid").exists()
    assert "the disk is full" in WebhookEvent.objects.get().traceback

    assert post_event(COMPLETED).status_code == 200
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID
    assert OutboxMail.objects.filter(kind="order_paid").count() == 1
    assert WebhookEvent.objects.get().traceback == ""


def lose_the_mail_to_staff(execute, sql, params, many, context):
    """Fail as a database does after most of a settlement is written."""
    if sql.startswith("INSERT") and "new_order" in (params or ()):
        raise OperationalError("the disk is full")
    return execute(sql, params, many, context)


def test_a_payment_that_does_not_match_is_set_aside_and_staff_are_told_once(
    standin, order, payment, post_event
):
    standin.pay(payment.session_id)
    Payment.objects.filter(pk=payment.pk).update(amount=1)

    for _ in range(2):
        assert post_event(COMPLETED).status_code == 200

    assert WebhookEvent.objects.get().state == EventState.SET_ASIDE
    assert OutboxMail.objects.get(kind="payment_attention").reference == order.reference


def test_an_expiry_that_is_not_ours_troubles_nobody(standin, order, payment, post_event):
    standin.expire(payment.session_id)
    Payment.objects.all().delete()

    assert post_event("checkout.session.expired").status_code == 200

    assert WebhookEvent.objects.get().state == EventState.IGNORED
    assert not OutboxMail.objects.filter(kind="payment_attention").exists()


def test_a_late_expiry_does_not_undo_a_payment(standin, order, payment, post_event):
    standin.pay(payment.session_id)
    post_event(COMPLETED)
    event = {**standin.events(COMPLETED)[-1], "id": "evt_late", "type": "checkout.session.expired"}
    body, signature = standin.signed(event)

    assert post_event(COMPLETED, body=body, signature=signature).status_code == 200

    order.refresh_from_db()
    payment.refresh_from_db()
    assert (order.status, payment.state) == (OrderStatus.PAID, PaymentState.SUCCEEDED)


def test_only_post_is_taken(client):
    assert client.get(reverse("payments:webhook")).status_code == 405
