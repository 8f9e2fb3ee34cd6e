"""What a shop has on its side: the SDK, the parameters of a session, an endpoint that takes webhooks."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import stripe

from tools.stripe_standin.configuration import WEBHOOK_SECRET
from tools.stripe_standin.running import RunningStandin

SUCCESS_URL = "http://shop.test/return/?session={CHECKOUT_SESSION_ID}"
CANCEL_URL = "http://shop.test/basket/"


def client_for(standin: RunningStandin, **options: Any) -> stripe.StripeClient:
    """Return the SDK, pointed at a stand-in, without retries of its own."""
    return stripe.StripeClient(
        options.pop("api_key", standin.secret_key),
        base_addresses={"api": standin.base_url},
        max_network_retries=0,
        **options,
    )


def session_params(**changes: Any) -> Any:
    """Parameters of a session over 102.50 EUR; None takes one away."""
    params = {
        "mode": "payment",
        "line_items": [line(4900, quantity=2, name="Health check"), line(450, name="Delivery")],
        "success_url": SUCCESS_URL,
        "cancel_url": CANCEL_URL,
        "expires_at": int(time.time()) + 3600,
        "client_reference_id": "CH-1",
        "metadata": {"order": "CH-1"},
        **changes,
    }
    return {name: value for name, value in params.items() if value is not None}


def line(unit_amount: int, *, quantity: int = 1, name: str = "Health check", currency: str = "eur") -> dict:
    """One line of a session."""
    price = {"currency": currency, "unit_amount": unit_amount, "product_data": {"name": name}}
    return {"quantity": quantity, "price_data": price}


@dataclass
class Endpoint:
    """What a shop's webhook endpoint saw: types of well-signed events, and how many were badly signed."""

    url: str = ""
    received: list[str] = field(default_factory=list)
    events: list[dict] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    # Statuses to answer with before it begins to take webhooks.
    failures: list[int] = field(default_factory=list)


@contextmanager
def listening_endpoint(port: int = 0) -> Iterator[Endpoint]:
    """Run an endpoint that verifies signatures with the SDK and responds with 400 to a bad one."""
    endpoint = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(take(body, self.headers["Stripe-Signature"]))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *values: object) -> None:
            pass

    def take(body: bytes, signature: str) -> int:
        try:
            event = stripe.Webhook.construct_event(body, signature, WEBHOOK_SECRET)
        except stripe.SignatureVerificationError as bad:
            endpoint.refused.append(bad.user_message or "")
            return 400
        if endpoint.failures:
            return endpoint.failures.pop(0)
        endpoint.received.append(event.type)
        endpoint.events.append(json.loads(body))
        return 200

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    endpoint.url = f"http://127.0.0.1:{server.server_port}/payments/webhook/"
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
