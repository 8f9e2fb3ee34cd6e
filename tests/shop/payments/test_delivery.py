"""Stripe's side and ours over real HTTP: the stand-in sends its webhooks, as badly as the network may."""

import pytest
from django.urls import reverse

from shop.mail.models import OutboxMail
from shop.orders.models import OrderStatus
from shop.orders.timeline import TimelineKind
from shop.payments.models import PaymentState
from tests.factories.shop import make_order, make_site_settings
from tests.services import wait_until
from tests.shop.payments.conftest import begin_payment
from tools.stripe_standin.running import running_standin

pytestmark = pytest.mark.django_db(transaction=True)

COMPLETED = "checkout.session.completed"


@pytest.fixture
def sending_standin(live_server, settings):
    """Run a stand-in that sends its webhooks to this test's own server."""
    with running_standin(webhook_url=live_server.url + reverse("payments:webhook")) as standin:
        settings.STRIPE_SECRET_KEY = standin.secret_key
        settings.STRIPE_WEBHOOK_SECRET = standin.webhook_secret
        settings.STRIPE_API_BASE = standin.base_url
        yield standin


@pytest.fixture
def order():
    make_site_settings()
    return make_order()


FAULTS = {
    "none": {},
    "repeat": {"copies": 5},
    "delay": {"seconds": 0.5},
    "reorder": {"match": "*", "count": 3},
    "forge": {},
    "stale": {},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_customer_who_never_comes_back_has_paid_once(sending_standin, order, fault):
    payment = begin_payment(order)
    if fault != "none":
        sending_standin.fault(fault, **{"match": COMPLETED, **FAULTS[fault]})

    sending_standin.pay(payment.session_id)
    sending_standin.wait_until_delivered()

    order.refresh_from_db()
    payment.refresh_from_db()
    assert (order.status, payment.state) == (OrderStatus.PAID, PaymentState.SUCCEEDED)
    assert payment.settled_by == "webhook"
    assert order.timeline.filter(kind=TimelineKind.PAID).count() == 1
    assert OutboxMail.objects.filter(kind="order_paid").count() == 1


def was_tried(standin, kind: str) -> bool:
    """Whether the shop has answered the webhook of such an event."""
    return any(row["attempts"] for row in standin.deliveries() if row["type"] == kind)


def test_an_event_that_could_not_be_handled_comes_again(sending_standin, settings, order):
    payment = begin_payment(order)
    settings.STRIPE_API_BASE = "http://127.0.0.1:1"
    sending_standin.pay(payment.session_id)
    wait_until(lambda: was_tried(sending_standin, COMPLETED), what="a first delivery")

    settings.STRIPE_API_BASE = sending_standin.base_url
    sending_standin.wait_until_delivered()

    order.refresh_from_db()
    assert order.status == OrderStatus.PAID
