"""Something happened: an event is kept, and its webhook waits to be sent."""

import hashlib
import hmac
import json
import time
from contextvars import ContextVar

from . import faults
from .objects import API_VERSION, new_id
from .store import Document, Store

STALE_SECONDS = 600

# The API request that is being answered, with its idempotency key: Stripe names both in an event.
current_request: ContextVar[Document | None] = ContextVar("current_request", default=None)


def record(store: Store, kind: str, about: Document, previous: Document | None = None) -> Document:
    """Keep the event with `about` as it is now, and put its webhook in the queue, faults included."""
    data: Document = {"object": about}
    if previous is not None:
        data["previous_attributes"] = previous
    event = {
        "id": new_id("evt_"),
        "object": "event",
        "account": None,
        "api_version": API_VERSION,
        "context": None,
        "created": store.now(),
        "data": data,
        "livemode": False,
        "pending_webhooks": 1,
        "request": current_request.get() or {"id": None, "idempotency_key": None},
        "type": kind,
    }
    with store.transaction():
        store.add(event)
        queue(store, event, faults.trigger(store, faults.WEBHOOK, kind))
    return event


def queue(store: Store, event: Document, active: list[faults.Fault]) -> None:
    """Queue one delivery, as the faults change it."""
    by_kind = {fault.kind: fault for fault in active}
    wait = sum(fault.seconds for fault in active)
    state = "dropped" if "drop" in by_kind else "pending"
    copies = by_kind["repeat"].copies if "repeat" in by_kind else 1
    tamper = next((kind for kind in ("forge", "stale") if kind in by_kind), None)
    rows = store.execute(
        "INSERT INTO deliveries (event, type, state, due, turn, copies, tamper)"
        " VALUES (?, ?, ?, ?, 0, ?, ?) RETURNING id",
        (event["id"], event["type"], state, store.transaction_began + wait, copies, tamper),
    )
    number = rows[0]["id"]
    # A negative turn puts the newest of those that wait together first.
    turn = -number if "reorder" in by_kind else number
    store.execute("UPDATE deliveries SET turn = ? WHERE id = ?", (turn, number))


def mark_delivered(store: Store, identifier: str) -> None:
    """Record that the event's webhook was taken; one that was dropped or given up goes on waiting."""
    event = store.find("event", identifier)
    if event:
        store.change({**event, "pending_webhooks": 0})


def resend(store: Store, identifier: str) -> Document | None:
    """Send an event once more, untouched by faults. Return None if there is no such event."""
    with store.transaction():
        event = store.find("event", identifier)
        if event:
            store.change({**event, "pending_webhooks": 1})
            queue(store, event, [])
        return event


def payload(event: Document) -> bytes:
    """Return the body of an event's webhook."""
    return json.dumps(event, indent=2).encode()


def signature(body: bytes, secret: str, tamper: str | None = None) -> str:
    """Return the Stripe-Signature header (https://docs.stripe.com/webhooks/signature); `tamper` spoils it."""
    moment = int(time.time()) - (STALE_SECONDS if tamper == "stale" else 0)
    key = f"not {secret}" if tamper == "forge" else secret
    digest = hmac.new(key.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"
