"""What a tester does to sessions, refunds, disputes, events and faults: as JSON, or from the control page."""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from . import delivery, disputes, events, faults, outcomes, refunds
from .errors import NotPossible, StripeError
from .exchange import Context, Request, Response, json_response, redirect
from .store import Document, Store

PREFIX = "/_standin/"
ACTION = re.compile(r"(?P<what>\w+)/(?P<id>[\w-]+)/(?P<action>[\w-]+)")
RECENT = 200
# In the books.
RETURNED = ("succeeded", "pending")
WITHDRAWN = (*disputes.OPEN, "lost")
AMOUNTS = ("received", "refunded", "disputed", "net")

Action = Callable[[Store, str, Document], Any]


def payer(fields: Document) -> dict[str, str | None]:
    """Return e-mail and name from a payment page's form."""
    return {"email": fields.get("email") or None, "name": fields.get("name") or None}


def whole_number(fields: Document, name: str) -> int | None:
    """Return a field in minor units. Raise ValueError."""
    return int(fields[name]) if fields.get(name) not in (None, "") else None


def refund(store: Store, identifier: str, fields: Document) -> Document:
    """Refund in the dashboard, without the shop's doing."""
    found = outcomes.session(store, identifier)
    charge = disputes.charge_of(store, found)
    params: Document = {"charge": charge["id"], "reason": fields.get("reason", "requested_by_customer")}
    amount = whole_number(fields, "amount")
    return refunds.create(store, params if amount is None else {**params, "amount": amount})


def dispute(store: Store, identifier: str, fields: Document) -> Document:
    """Open a dispute about a session's payment."""
    found = outcomes.session(store, identifier)
    amount, reason = whole_number(fields, "amount"), fields.get("reason", "fraudulent")
    return disputes.open_dispute(store, found, amount, reason)


def resend(store: Store, identifier: str, fields: Document) -> Document:
    """Send an event's webhook once more."""
    event = events.resend(store, identifier)
    if event is None:
        raise NotPossible(f"There is no event {identifier}.")
    return event


def books(store: Store) -> Document:
    """
    Return by payment intent and by currency, in minor units: received, refunded (pending ones included,
    failed ones not), disputed (withdrawn and not given back), and net, which is what remains with the shop.
    """
    with store.transaction():
        intents = [book_entry(store, intent) for intent in store.select("payment_intent", newest_first=False)]
    totals: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(AMOUNTS, 0))
    for line in intents:
        for name in AMOUNTS:
            totals[line["currency"]][name] += line[name]
    return {"payment_intents": intents, "totals": dict(totals)}


def book_entry(store: Store, intent: Document) -> Document:
    """Return one payment intent's line in the books."""
    of_intent = ("payment_intent", "=", intent["id"])
    refunded = total(store.select("refund", [of_intent]), RETURNED)
    disputed = total(store.select("dispute", [of_intent]), WITHDRAWN)
    session = next(iter(store.select("checkout.session", [of_intent])), {})
    return {
        "payment_intent": intent["id"],
        "session": session.get("id"),
        "client_reference_id": session.get("client_reference_id"),
        "currency": intent["currency"],
        "status": intent["status"],
        "received": intent["amount_received"],
        "refunded": refunded,
        "disputed": disputed,
        "net": intent["amount_received"] - refunded - disputed,
    }


def total(documents: list[Document], statuses: tuple[str, ...]) -> int:
    """Return the sum of those with one of the statuses."""
    return sum(document["amount"] for document in documents if document["status"] in statuses)


ACTIONS: dict[tuple[str, str], Action] = {
    ("sessions", "pay"): lambda store, identifier, fields: outcomes.pay(store, identifier, **payer(fields)),
    ("sessions", "decline"): lambda store, identifier, fields: outcomes.decline(
        store, identifier, **payer(fields)
    ),
    ("sessions", "delay"): lambda store, identifier, fields: outcomes.delay(
        store, identifier, **payer(fields)
    ),
    ("sessions", "settle"): lambda store, identifier, fields: outcomes.settle(store, identifier),
    ("sessions", "fail"): lambda store, identifier, fields: outcomes.fail(store, identifier),
    ("sessions", "expire"): lambda store, identifier, fields: outcomes.expire(store, identifier),
    ("sessions", "lapse"): lambda store, identifier, fields: outcomes.lapse(store, identifier),
    ("sessions", "refund"): refund,
    ("sessions", "dispute"): dispute,
    ("sessions", "inquiry"): lambda store, identifier, fields: disputes.open_dispute(
        store, outcomes.session(store, identifier), status=disputes.INQUIRY[0]
    ),
    ("sessions", "fraud-warning"): lambda store, identifier, fields: disputes.warn(
        store, outcomes.session(store, identifier)
    ),
    ("refunds", "succeed"): lambda store, identifier, fields: refunds.succeed(store, identifier),
    ("refunds", "fail"): lambda store, identifier, fields: refunds.fail(store, identifier),
    ("disputes", "review"): lambda store, identifier, fields: disputes.review(store, identifier),
    ("disputes", "escalate"): lambda store, identifier, fields: disputes.escalate(store, identifier),
    ("disputes", "win"): lambda store, identifier, fields: disputes.win(store, identifier),
    ("disputes", "lose"): lambda store, identifier, fields: disputes.lose(store, identifier),
    ("events", "resend"): resend,
}

READINGS: dict[str, Callable[[Store], Any]] = {
    "health": lambda store: {"ok": True},
    "sessions": lambda store: store.select("checkout.session", limit=RECENT),
    "payment_intents": lambda store: store.select("payment_intent", limit=RECENT),
    "refunds": lambda store: store.select("refund", limit=RECENT),
    "disputes": lambda store: store.select("dispute", limit=RECENT),
    "events": lambda store: store.select("event", limit=RECENT),
    "deliveries": lambda store: delivery.deliveries(store, RECENT),
    "faults": lambda store: [faults.as_document(fault) for fault in faults.active_faults(store)],
    "waiting": lambda store: {
        "webhooks": len(delivery.in_state(store, "pending")),
        "given_up": delivery.in_state(store, "given up"),
    },
    "books": books,
}


def act(store: Store, what: str, identifier: str, action: str, fields: Document) -> Any:
    """Do one thing, such as ("sessions", id, "pay"). Raise NotPossible, StripeError or ValueError."""
    if (what, action) not in ACTIONS:
        raise NotPossible(f"There is no action {action} for {what}.")
    return ACTIONS[what, action](store, identifier, fields)


def answer(context: Context, request: Request) -> Response:
    """Answer a request of the control API under /_standin/; redirect a browser to its page."""
    path = request.path.removeprefix(PREFIX)
    try:
        if request.method == "GET":
            return read(context.store, path)
        done = change(context.store, request, path)
    except (NotPossible, StripeError, ValueError) as refused:
        return json_response({"error": str(refused)}, 409)
    if "text/html" in request.headers.get("accept", ""):
        return redirect(f"{context.address}/")
    return json_response(done)


def read(store: Store, path: str) -> Response:
    """Return a list, the books, or a sign of life."""
    if path not in READINGS:
        return json_response({"error": f"There is nothing at {PREFIX}{path}."}, 404)
    outcomes.expire_due(store)
    return json_response(READINGS[path](store))


def change(store: Store, request: Request, path: str) -> Any:
    """Add or clear faults, forget everything, or take an action. Raise what `act` raises."""
    fields = request.fields()
    if path == "reset":
        store.forget_everything()
        return {"ok": True}
    if path == "faults" and request.method == "POST":
        given = {name: value for name, value in fields.items() if name != "kind" and value != ""}
        return {"id": faults.add(store, faults.make_fault(str(fields.get("kind")), **given))}
    if path == "faults/clear" or (path.startswith("faults") and request.method == "DELETE"):
        number = path.removeprefix("faults/")
        faults.clear(store, int(number) if number.isdigit() else None)
        return {"ok": True}
    named = ACTION.fullmatch(path)
    if not named:
        raise NotPossible(f"There is nothing to do at {PREFIX}{path}.")
    return act(store, named["what"], named["id"], named["action"], fields)
