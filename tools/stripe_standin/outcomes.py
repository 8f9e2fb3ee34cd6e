"""What becomes of a session: paid, declined, paid later, expired."""

from . import events, objects
from .errors import NotPossible
from .store import Document, Store

DECLINED = {
    "card": ("card_declined", "generic_decline", "Your card was declined."),
    "delayed": ("payment_method_provider_decline", None, "The bank did not make the payment."),
}
UNNAMED_EMAIL = "reader@example.org"


def session(store: Store, identifier: str) -> Document:
    """Return the session as it stands, past sessions expired. Raise NotPossible if there is none."""
    expire_due(store)
    found = store.find("checkout.session", identifier)
    if found is None:
        raise NotPossible(f"There is no session {identifier}.")
    return found


def open_session(store: Store, identifier: str) -> Document:
    """Return a session that can still be paid. Raise NotPossible otherwise."""
    found = session(store, identifier)
    if found["status"] != "open":
        raise NotPossible(f"This session is {found['status']}; it takes no payment any more.")
    return found


def pay(store: Store, identifier: str, email: str | None = None, name: str | None = None) -> Document:
    """Charge the card: the session is complete and paid."""
    with store.transaction():
        found = open_session(store, identifier)
        intent, charge = attempt(store, found, "card", email, name)
        succeed(store, intent, charge)
        complete = {**found, "status": "complete", "payment_status": "paid", "payment_intent": intent["id"]}
        return conclude(store, complete, charge)


def delay(store: Store, identifier: str, email: str | None = None, name: str | None = None) -> Document:
    """Begin a bank payment: the session is complete and unpaid until `settle` or `fail`."""
    with store.transaction():
        found = open_session(store, identifier)
        methods = [method for method in found["payment_method_types"] if method != "card"]
        if not methods:
            raise NotPossible("This session takes cards only.")
        intent, charge = attempt(store, found, methods[0], email, name)
        store.change({**intent, "status": "processing"})
        return conclude(store, {**found, "status": "complete", "payment_intent": intent["id"]}, charge)


def conclude(store: Store, complete: Document, charge: Document) -> Document:
    """Close Stripe's page: the payer is done."""
    payer = charge["billing_details"]
    complete["customer_details"] = objects.customer_details(payer["email"], payer["name"])
    complete["url"] = None
    store.change(complete)
    events.record(store, "checkout.session.completed", complete)
    return complete


def decline(store: Store, identifier: str, email: str | None = None, name: str | None = None) -> Document:
    """Decline the card: the session stays open for another try."""
    with store.transaction():
        found = open_session(store, identifier)
        intent, charge = attempt(store, found, "card", email, name)
        refuse(store, intent, charge, "card")
        return store.change({**found, "payment_intent": intent["id"]})


def attempt(
    store: Store, found: Document, method: str, email: str | None, name: str | None
) -> tuple[Document, Document]:
    """Make a charge on the session's intent, and the intent with the first attempt. Return both."""
    now = store.now()
    intent = store.find("payment_intent", found["payment_intent"] or "")
    if intent is None:
        settings = store.private(found["id"]).get("payment_intent_data", {})
        intent = store.add(objects.payment_intent(found, settings, now))
    payer = objects.customer_details(found["customer_email"] or email or UNNAMED_EMAIL, name)
    charge = store.add(objects.charge(intent, payer, method, now))
    intent |= {"latest_charge": charge["id"], "payment_method": charge["payment_method"]}
    return store.change(intent), charge


def succeed(store: Store, intent: Document, charge: Document) -> None:
    """Record that the money has come."""
    charge |= {
        "amount_captured": charge["amount"],
        "balance_transaction": objects.new_id("txn_"),
        "captured": True,
        "outcome": {"network_status": "approved_by_network", "risk_level": "normal", "type": "authorized"},
        "paid": True,
        "status": "succeeded",
    }
    intent |= {"amount_received": intent["amount"], "last_payment_error": None, "status": "succeeded"}
    store.change(charge)
    store.change(intent)
    events.record(store, "charge.succeeded", charge)
    events.record(store, "payment_intent.succeeded", intent)


def refuse(store: Store, intent: Document, charge: Document, way: str) -> None:
    """Record that the money will not come from this attempt."""
    code, decline_code, message = DECLINED[way]
    charge |= {
        "failure_code": code,
        "failure_message": message,
        "outcome": {
            "network_status": "declined_by_network",
            "risk_level": "normal",
            "type": "issuer_declined",
        },
        "status": "failed",
    }
    intent |= {
        "last_payment_error": {
            "charge": charge["id"],
            "code": code,
            "decline_code": decline_code,
            "message": message,
            "type": "card_error",
        },
        "payment_method": None,
        "status": "requires_payment_method",
    }
    store.change(charge)
    store.change(intent)
    events.record(store, "charge.failed", charge)
    events.record(store, "payment_intent.payment_failed", intent)


def settle(store: Store, identifier: str) -> Document:
    """Let the delayed payment arrive."""
    with store.transaction():
        found, intent, charge = delayed_payment(store, identifier)
        succeed(store, intent, charge)
        found = store.change({**found, "payment_status": "paid"})
        events.record(store, "checkout.session.async_payment_succeeded", found)
        return found


def fail(store: Store, identifier: str) -> Document:
    """Let the delayed payment fail; the session stays complete and unpaid."""
    with store.transaction():
        found, intent, charge = delayed_payment(store, identifier)
        refuse(store, intent, charge, "delayed")
        events.record(store, "checkout.session.async_payment_failed", found)
        return found


def delayed_payment(store: Store, identifier: str) -> tuple[Document, Document, Document]:
    """Return a session whose bank payment is neither made nor failed, with intent and charge."""
    found = session(store, identifier)
    intent = store.find("payment_intent", found["payment_intent"] or "")
    if found["status"] != "complete" or intent is None or intent["status"] != "processing":
        raise NotPossible("No delayed payment is under way in this session.")
    charge = store.find("charge", intent["latest_charge"])
    if charge is None:
        raise NotPossible("The delayed payment has no charge.")
    return found, intent, charge


def expire(store: Store, identifier: str) -> Document:
    """End the session unpaid, now."""
    with store.transaction():
        found = open_session(store, identifier)
        return close(store, found)


def lapse(store: Store, identifier: str) -> Document:
    """Let time pass: the session's end lies in the past, and it expires by itself."""
    with store.transaction():
        found = open_session(store, identifier)
        store.change({**found, "expires_at": store.now() - 1})
    return session(store, identifier)


def expire_due(store: Store) -> None:
    """End the open sessions whose time is up."""
    due = [("status", "=", "open"), ("expires_at", "<=", store.now())]
    with store.transaction():
        for found in store.select("checkout.session", due, newest_first=False):
            close(store, found)


def close(store: Store, found: Document) -> Document:
    """Expire a session and cancel the intent that an attempt had made. Return the session."""
    intent = store.find("payment_intent", found["payment_intent"] or "")
    if intent:
        cancelled = {"status": "canceled", "canceled_at": store.now(), "cancellation_reason": "expired"}
        events.record(store, "payment_intent.canceled", store.change({**intent, **cancelled}))
    expired = store.change({**found, "status": "expired", "url": None})
    events.record(store, "checkout.session.expired", expired)
    return expired
