"""A real stand-in, the real SDK, and a shop's endpoint that takes webhooks."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stripe

from tests.tools.stripe_standin.shop_side import Endpoint, client_for, listening_endpoint, session_params
from tools.stripe_standin.running import RunningStandin, running_standin


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with listening_endpoint() as listening:
        yield listening


@pytest.fixture
def standin(endpoint: Endpoint) -> Iterator[RunningStandin]:
    with running_standin(endpoint.url) as running:
        yield running


@pytest.fixture
def client(standin: RunningStandin) -> stripe.StripeClient:
    return client_for(standin)


@pytest.fixture
def sessions(client: stripe.StripeClient) -> Any:
    """Return the SDK's Checkout Sessions."""
    return client.v1.checkout.sessions


@pytest.fixture
def new_session(sessions: Any) -> Callable[..., Any]:
    """Return a function that makes an open session over 102.50 EUR, with changes to its parameters."""
    return lambda **changes: sessions.create(session_params(**changes))


@pytest.fixture
def paid_session(new_session: Callable[..., Any], standin: RunningStandin, sessions: Any) -> Any:
    """Make a session over 102.50 EUR that is paid by card."""
    session = new_session()
    standin.pay(session.id)
    return sessions.retrieve(session.id)
