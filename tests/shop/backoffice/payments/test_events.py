"""What staff see of an event from Stripe, and how they handle one again."""

import pytest
from django.urls import reverse

from shop.orders.models import OrderStatus
from shop.payments.models import EventState, WebhookEvent
from tests.factories.shop import make_order, make_site_settings
from tests.shop.payments.conftest import begin_payment
from tools.stripe_standin.running import running_standin

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(db) -> WebhookEvent:
    return WebhookEvent.objects.create(
        event_id="evt_1",
        kind="checkout.session.completed",
        object_id="cs_test_1",
        payload={"object": {"id": "cs_test_1"}},
        state=EventState.FAILED,
        reason="PaymentUnavailable",
        traceback="Traceback (most recent call last)",
    )


def test_a_failed_event_shows_its_reason_and_traceback(staff, event):
    page = staff.get(reverse("payment-events:inspect", args=[event.pk])).content.decode()

    for shown in ("PaymentUnavailable", "Traceback", "cs_test_1", "Handle again"):
        assert shown in page


def test_handling_it_again_settles_the_order(staff, event, settings):
    make_site_settings()
    order = make_order()
    with running_standin() as standin:
        settings.STRIPE_SECRET_KEY = standin.secret_key
        settings.STRIPE_API_BASE = standin.base_url
        payment = begin_payment(order)
        standin.pay(payment.session_id)
        WebhookEvent.objects.filter(pk=event.pk).update(object_id=payment.session_id)

        page = staff.post(reverse("payment-events:retry", args=[event.pk]), follow=True).content.decode()

    order.refresh_from_db()
    event.refresh_from_db()
    assert (order.status, event.state) == (OrderStatus.PAID, EventState.HANDLED)
    assert "The event is handled" in page


def test_a_handled_event_is_not_handled_again(staff, event):
    WebhookEvent.objects.filter(pk=event.pk).update(state=EventState.HANDLED)

    assert staff.post(reverse("payment-events:retry", args=[event.pk])).status_code == 404
