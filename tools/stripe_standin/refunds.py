"""Money that goes back because the shop gives it back."""

from . import events, faults, objects
from .errors import NotPossible, StripeError, missing
from .money import format_amount, indivisible
from .store import Document, Store

REASONS = ("duplicate", "fraudulent", "requested_by_customer")
FAILURE = "expired_or_canceled_card"


def create(store: Store, params: Document) -> Document:
    """
    Make a refund, in full unless `amount` says less. Return it.

    Raise StripeError: nothing to refund, more than is left, or a charge that is refunded or disputed.
    """
    with store.transaction():
        charge = charge_of(store, params)
        amount = refundable_amount(store, charge, params.get("amount"))
        refund = objects.refund(
            charge, amount, params.get("reason"), params.get("metadata") or {}, store.now()
        )
        delayed = charge["payment_method_details"]["type"] != "card"
        if delayed or faults.trigger(store, faults.REFUND, charge["id"]):
            refund |= {"status": "pending", "pending_reason": "processing"}
        store.add(refund)
        charge = add_refunded(store, charge, amount)
        events.record(store, "refund.created", refund)
        events.record(store, "charge.refunded", charge)
        return refund


def charge_of(store: Store, params: Document) -> Document:
    """Return the charge that a refund names, by itself or by its payment intent."""
    identifier = params.get("charge")
    if "payment_intent" in params:
        intent = store.find("payment_intent", params["payment_intent"])
        if intent is None:
            raise missing("payment_intent", params["payment_intent"], "payment_intent")
        if identifier not in (None, intent["latest_charge"]):
            raise StripeError("The charge does not belong to the payment intent.", param="charge")
        if intent["status"] != "succeeded":
            message = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
            raise StripeError(message, param="payment_intent")
        identifier = intent["latest_charge"]
    if identifier is None:
        message = "One of the following params should be provided for this request: payment_intent or charge."
        raise StripeError(message, code="parameter_missing", param="charge")
    charge = store.find("charge", identifier)
    if charge is None:
        raise missing("charge", identifier, "charge")
    if not charge["paid"]:
        raise StripeError(f"Charge {identifier} has not been paid.", param="charge")
    return charge


def refundable_amount(store: Store, charge: Document, asked: int | None) -> int:
    """Return what will be refunded, in minor units."""
    left = charge["amount"] - charge["amount_refunded"]
    disputed = store.select("dispute", [("charge", "=", charge["id"])]) if charge["disputed"] else []
    if not all(dispute["is_charge_refundable"] for dispute in disputed):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise StripeError(message, code="charge_disputed")
    if not left:
        message = f"Charge {charge['id']} has already been refunded."
        raise StripeError(message, code="charge_already_refunded")
    if asked is None:
        return left
    if asked < 1:
        raise StripeError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    currency = charge["currency"]
    if problem := indivisible(asked, currency):
        raise StripeError(problem, param="amount")
    if asked > left:
        message = (
            f"Refund amount ({format_amount(asked, currency)}) is greater than "
            f"unrefunded amount on charge ({format_amount(left, currency)})"
        )
        raise StripeError(message, param="amount")
    return asked


def add_refunded(store: Store, charge: Document, amount: int) -> Document:
    """Return the charge with that much more (or less) refunded."""
    total = charge["amount_refunded"] + amount
    return store.change({**charge, "amount_refunded": total, "refunded": total == charge["amount"]})


def succeed(store: Store, identifier: str) -> Document:
    """Let a pending refund arrive."""
    with store.transaction():
        refund = find_refund(store, identifier)
        if refund["status"] != "pending":
            raise NotPossible(f"This refund is {refund['status']}, not pending.")
        previous = {"status": "pending", "pending_reason": refund["pending_reason"]}
        refund = store.change({**refund, "status": "succeeded", "pending_reason": None})
        events.record(store, "refund.updated", refund, previous)
        return refund


def fail(store: Store, identifier: str) -> Document:
    """Send a refund back, even one that had succeeded; the money is the shop's again."""
    with store.transaction():
        refund = find_refund(store, identifier)
        if refund["status"] not in ("pending", "succeeded"):
            raise NotPossible(f"This refund is {refund['status']} already.")
        previous = {"status": refund["status"], "failure_reason": None}
        refund = store.change(
            {
                **refund,
                "failure_balance_transaction": objects.new_id("txn_"),
                "failure_reason": FAILURE,
                "pending_reason": None,
                "status": "failed",
            }
        )
        charge = store.find("charge", refund["charge"])
        if charge:
            add_refunded(store, charge, -refund["amount"])
        events.record(store, "refund.updated", refund, previous)
        events.record(store, "refund.failed", refund)
        return refund


def find_refund(store: Store, identifier: str) -> Document:
    """Return the refund. Raise NotPossible if there is none."""
    refund = store.find("refund", identifier)
    if refund is None:
        raise NotPossible(f"There is no refund {identifier}.")
    return refund
