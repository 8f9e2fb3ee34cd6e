"""The shop's own payments against a real stand-in, through the real SDK."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse

from cms.users.models import User
from shop.orders.models import Order
from shop.payments.attempts import start_payment
from shop.payments.models import Cause, Payment
from shop.payments.settling.sessions import settle_session
from tests.factories.shop import make_order, make_site_settings
from tools.stripe_standin.running import RunningStandin, running_standin


@pytest.fixture
def standin(settings) -> Iterator[RunningStandin]:
    """Run a stand-in that the shop talks to; it sends no webhook by itself."""
    with running_standin(webhook_url=None) as running:
        settings.STRIPE_SECRET_KEY = running.secret_key
        settings.STRIPE_WEBHOOK_SECRET = running.webhook_secret
        settings.STRIPE_API_BASE = running.base_url
        yield running


def begin_payment(
    order: Order, *, cancel_url: str = "http://testserver/basket/", shows_email: bool = True
) -> Payment:
    """Make the attempt that a buyer's click on "Continue to payment" makes."""
    return start_payment(
        order,
        success_url="http://testserver/checkout/return/?session_id={CHECKOUT_SESSION_ID}",
        cancel_url=cancel_url,
        shows_email=shows_email,
    )


def open_sessions(standin: RunningStandin) -> list[str]:
    """Return the ids of the sessions that somebody could pay now."""
    sessions = standin.store.select("checkout.session", newest_first=False)
    return [session["id"] for session in sessions if session["status"] == "open"]


@pytest.fixture
def order(db) -> Order:
    make_site_settings()
    return make_order()


@pytest.fixture
def payment(order, standin) -> Payment:
    """Make an attempt whose session is open at the stand-in."""
    return begin_payment(order)


@pytest.fixture
def post_event(client: Client, standin: RunningStandin) -> Callable:
    """Return a function that sends the newest event of a kind to the shop's endpoint, as Stripe would."""

    def post(kind: str, *, signature: str | None = None, body: bytes | None = None):
        payload, signed = standin.signed(standin.events(kind)[-1])
        return client.post(
            reverse("payments:webhook"),
            data=body or payload,
            content_type="application/json",
            headers={"Stripe-Signature": signature or signed},
        )

    return post


@pytest.fixture
def paid(standin, payment) -> Payment:
    standin.pay(payment.session_id)
    settle_session(payment.session_id, Cause.WEBHOOK)
    payment.refresh_from_db()
    return payment


@pytest.fixture
def disputed(standin, paid, post_event) -> dict:
    """Open a dispute over all of the payment, whose event has come."""
    dispute = standin.dispute(paid.session_id)
    assert post_event("charge.dispute.created").status_code == 200
    return dispute


@pytest.fixture
def user(db) -> User:
    """Make somebody of the staff."""
    return User.objects.create_user("bookkeeper")
