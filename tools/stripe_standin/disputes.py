"""Money that goes back because the payer's bank takes it, and the warning before that."""

from . import events, objects
from .errors import NotPossible
from .store import Document, Store

INQUIRY = ("warning_needs_response", "warning_under_review")
OPEN = ("needs_response", "under_review")
UNDECIDED = (*OPEN, *INQUIRY)
# No refund while a dispute is open, but an inquiry can be ended by one in full. A lost dispute has paid the
# money back already. https://docs.stripe.com/disputes/how-disputes-work
REFUNDABLE = (*INQUIRY, "warning_closed", "won")


def charge_of(store: Store, session: Document) -> Document:
    """Return the charge that paid a session. Raise NotPossible if it is not paid."""
    intent = store.find("payment_intent", session["payment_intent"] or "")
    charge = store.find("charge", intent["latest_charge"]) if intent else None
    if charge is None or not charge["paid"]:
        raise NotPossible("This session has not been paid.")
    return charge


def open_dispute(
    store: Store,
    session: Document,
    amount: int | None = None,
    reason: str = "fraudulent",
    status: str = "needs_response",
) -> Document:
    """Open the payer's dispute of a charge (of what is left of it, unless `amount` says less).

    The money is withdrawn, unless the bank only inquires (a status of INQUIRY).
    """
    with store.transaction():
        charge = charge_of(store, session)
        left = charge["amount"] - charge["amount_refunded"]
        if charge["disputed"]:
            raise NotPossible("This payment is disputed already.")
        if not 1 <= (amount or left) <= left:
            raise NotPossible(f"Between 1 and {left} can be disputed.")
        made = objects.dispute(charge, amount or left, reason, store.now())
        dispute = store.add({**made, **status_fields(status)})
        store.change({**charge, "disputed": True})
        events.record(store, "charge.dispute.created", dispute)
        if status not in INQUIRY:
            events.record(store, "charge.dispute.funds_withdrawn", dispute)
        return dispute


def status_fields(status: str) -> Document:
    """Return a status, with what Stripe allows then."""
    return {"status": status, "is_charge_refundable": status in REFUNDABLE}


def review(store: Store, identifier: str) -> Document:
    """Record that the shop has answered and the bank thinks about it."""
    with store.transaction():
        dispute = undecided_dispute(store, identifier)
        previous = {"status": dispute["status"]}
        asked = dispute["status"] in INQUIRY
        dispute = store.change(
            {**dispute, **status_fields("warning_under_review" if asked else "under_review")}
        )
        events.record(store, "charge.dispute.updated", dispute, previous)
        return dispute


def escalate(store: Store, identifier: str) -> Document:
    """Turn an inquiry into a chargeback: the money is withdrawn now."""
    with store.transaction():
        dispute = undecided_dispute(store, identifier)
        if dispute["status"] not in INQUIRY:
            raise NotPossible("This dispute is no inquiry.")
        previous = {"status": dispute["status"]}
        dispute = store.change({**dispute, **status_fields("needs_response")})
        events.record(store, "charge.dispute.updated", dispute, previous)
        events.record(store, "charge.dispute.funds_withdrawn", dispute)
        return dispute


def win(store: Store, identifier: str) -> Document:
    """Decide for the shop: the money comes back. An inquiry, which took none, is closed."""
    with store.transaction():
        found = undecided_dispute(store, identifier)
        if found["status"] in INQUIRY:
            dispute = store.change({**found, **status_fields("warning_closed")})
            events.record(store, "charge.dispute.closed", dispute)
            return dispute
        dispute = store.change({**found, **status_fields("won")})
        events.record(store, "charge.dispute.funds_reinstated", dispute)
        events.record(store, "charge.dispute.closed", dispute)
        return dispute


def lose(store: Store, identifier: str) -> Document:
    """Decide for the payer: the money is gone."""
    with store.transaction():
        found = undecided_dispute(store, identifier)
        if found["status"] in INQUIRY:
            raise NotPossible("An inquiry has to become a dispute before it can be lost.")
        dispute = store.change({**found, **status_fields("lost")})
        events.record(store, "charge.dispute.closed", dispute)
        return dispute


def undecided_dispute(store: Store, identifier: str) -> Document:
    """Return a dispute that is not decided. Raise NotPossible otherwise."""
    dispute = store.find("dispute", identifier)
    if dispute is None:
        raise NotPossible(f"There is no dispute {identifier}.")
    if dispute["status"] not in UNDECIDED:
        raise NotPossible(f"This dispute is {dispute['status']}.")
    return dispute


def warn(store: Store, session: Document) -> Document:
    """Make the card network suspect fraud. Return the warning."""
    with store.transaction():
        warning = store.add(objects.early_fraud_warning(charge_of(store, session), store.now()))
        events.record(store, "radar.early_fraud_warning.created", warning)
        return warning
