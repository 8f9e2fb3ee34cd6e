"""Webhook settlements a second with one web process, against bare inserts a second."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import requests
from django.conf import settings

from shop.catalogue.models import Package
from shop.payments.attempts import start_payment
from shop.payments.models import Payment, PaymentState
from tests.factories.shop import make_order
from tools.stripe_standin.events import signature
from tools.torture.site import Site

CLIENTS = 4
KIND = "checkout.session.completed"
PAGE = 100


def measure(site: Site, package: Package, count: int) -> list[str]:
    """Return two figures and their ratio, a line each. Raise RuntimeError unless all payments are settled."""
    for number in range(count):
        _paid_order(site, package, number)
    events = _events(site)
    site.processes["web"].start()
    site.wait_until_ready()
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        statuses = set(clients.map(lambda event: _deliver(site, event), events))
    settled = count / (time.perf_counter() - began)
    site.processes["web"].kill()
    if statuses != {200} or Payment.objects.filter(state=PaymentState.SUCCEEDED).count() != count:
        raise RuntimeError(f"Not all of {count} payments were settled: {sorted(statuses)}")
    inserted = _inserts(site, events)
    return [
        f"webhook settlements  {settled:>10.0f} a second, one web process of four threads, {CLIENTS} clients",
        f"bare inserts         {inserted:>10.0f} a second, one connection, one transaction each",
        f"ratio                {inserted / settled:>10.1f} bare inserts for one settlement",
    ]


def _paid_order(site: Site, package: Package, number: int) -> None:
    order = make_order(package=package, email=f"bench-{number}@checkup.example")
    payment = start_payment(
        order,
        success_url=f"{site.url}/checkout/return/?session_id={{CHECKOUT_SESSION_ID}}",
        cancel_url=f"{site.url}/basket/",
    )
    address = f"{site.standin_url}/_standin/sessions/{payment.session_id}/pay"
    requests.post(address, json={}, timeout=20).raise_for_status()


def _events(site: Site) -> list[bytes]:
    """Return the body of each payment's webhook."""
    bodies: list[bytes] = []
    params: dict[str, str | int] = {"type": KIND, "limit": PAGE}
    while True:
        address, key = f"{site.standin_url}/v1/events", (settings.STRIPE_SECRET_KEY, "")
        page = requests.get(address, params=params, auth=key, timeout=20).json()
        bodies += [json.dumps(event).encode() for event in page["data"]]
        if not page["has_more"]:
            return bodies
        params["starting_after"] = page["data"][-1]["id"]


def _deliver(site: Site, body: bytes) -> int:
    signed = signature(body, settings.STRIPE_WEBHOOK_SECRET)
    headers = {"Stripe-Signature": signed, "Content-Type": "application/json"}
    address = f"http://127.0.0.1:{site.port}/payments/webhook/"
    return requests.post(address, body, headers=headers, timeout=60).status_code


def _inserts(site: Site, bodies: list[bytes]) -> float:
    with psycopg.connect(site.database.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE bare (id bigserial PRIMARY KEY, body jsonb NOT NULL)")
        began = time.perf_counter()
        for body in bodies:
            connection.execute("INSERT INTO bare (body) VALUES (%s)", [body.decode()])
        return len(bodies) / (time.perf_counter() - began)
