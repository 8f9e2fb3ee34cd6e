"""Money that goes back because the payer's bank takes it, and the warning before that."""

from . import events, objects
from .errors import NotPossible
from .store import Document, Store

OPEN = ("needs_response", "under_review")


def charge_of(store: Store, session: Document) -> Document:
    """The charge that paid a session. Raises NotPossible if it is not paid."""
    intent = store.find("payment_intent", session["payment_intent"] or "")
    charge = store.find("charge", intent["latest_charge"]) if intent else None
    if charge is None or not charge["paid"]:
        raise NotPossible("This session has not been paid.")
    return charge


def open_dispute(
    store: Store, session: Document, amount: int | None = None, reason: str = "fraudulent"
) -> Document:
    """The payer disputes a charge (what is left of it, unless `amount` says less): the money is withdrawn."""
    with store.transaction():
        charge = charge_of(store, session)
        left = charge["amount"] - charge["amount_refunded"]
        if charge["disputed"]:
            raise NotPossible("This payment is disputed already.")
        if not 1 <= (amount or left) <= left:
            raise NotPossible(f"Between 1 and {left} can be disputed.")
        dispute = store.add(objects.dispute(charge, amount or left, reason, store.now()))
        store.change({**charge, "disputed": True})
        events.record(store, "charge.dispute.created", dispute)
        events.record(store, "charge.dispute.funds_withdrawn", dispute)
        return dispute


def review(store: Store, identifier: str) -> Document:
    """The shop has answered; the bank thinks about it."""
    with store.transaction():
        dispute = still_open(store, identifier)
        previous = {"status": dispute["status"]}
        dispute = store.change({**dispute, "status": "under_review"})
        events.record(store, "charge.dispute.updated", dispute, previous)
        return dispute


def win(store: Store, identifier: str) -> Document:
    """The bank decides for the shop: the money comes back."""
    with store.transaction():
        dispute = store.change({**still_open(store, identifier), "status": "won"})
        events.record(store, "charge.dispute.funds_reinstated", dispute)
        events.record(store, "charge.dispute.closed", dispute)
        return dispute


def lose(store: Store, identifier: str) -> Document:
    """The bank decides for the payer: the money is gone."""
    with store.transaction():
        dispute = store.change({**still_open(store, identifier), "status": "lost"})
        events.record(store, "charge.dispute.closed", dispute)
        return dispute


def still_open(store: Store, identifier: str) -> Document:
    """A dispute that is not decided. Raises NotPossible otherwise."""
    dispute = store.find("dispute", identifier)
    if dispute is None:
        raise NotPossible(f"There is no dispute {identifier}.")
    if dispute["status"] not in OPEN:
        raise NotPossible(f"This dispute is {dispute['status']}.")
    return dispute


def warn(store: Store, session: Document) -> Document:
    """The card network suspects fraud."""
    with store.transaction():
        warning = store.add(objects.early_fraud_warning(charge_of(store, session), store.now()))
        events.record(store, "radar.early_fraud_warning.created", warning)
        return warning
