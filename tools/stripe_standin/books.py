"""The stand-in's own view of the money, to reconcile the shop's ledger with."""

from collections import defaultdict

from .disputes import OPEN
from .store import Document, Store

RETURNED = ("succeeded", "pending")
WITHDRAWN = (*OPEN, "lost")
AMOUNTS = ("received", "refunded", "disputed", "net")


def books(store: Store) -> Document:
    """
    Per payment intent and per currency, in minor units: received, refunded (pending ones included, failed
    ones not), disputed (withdrawn and not given back), and net, which is what remains with the shop.
    """
    with store.transaction():
        intents = [entry(store, intent) for intent in store.select("payment_intent", newest_first=False)]
    totals: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(AMOUNTS, 0))
    for line in intents:
        for name in AMOUNTS:
            totals[line["currency"]][name] += line[name]
    return {"payment_intents": intents, "totals": dict(totals)}


def entry(store: Store, intent: Document) -> Document:
    """One payment intent's line in the books."""
    of_intent = ("payment_intent", "=", intent["id"])
    refunded = amount(store.select("refund", [of_intent]), RETURNED)
    disputed = amount(store.select("dispute", [of_intent]), WITHDRAWN)
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


def amount(documents: list[Document], states: tuple[str, ...]) -> int:
    """The sum of those in one of the states."""
    return sum(document["amount"] for document in documents if document["status"] in states)
