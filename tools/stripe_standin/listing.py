"""Lists in pages, and objects with other objects inside."""

from typing import Any

from .errors import StripeError, missing
from .store import Condition, Document, Store

DEFAULT_LIMIT, MAX_LIMIT = 10, 100
MAX_EXPANSION_DEPTH = 4
COMPARISONS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}

# What a field of an object refers to. Lists (line items, refunds) are absent unless asked for.
REFERENCES = {
    "checkout.session": {"payment_intent": "payment_intent"},
    "payment_intent": {"latest_charge": "charge"},
    "charge": {"payment_intent": "payment_intent"},
    "refund": {"charge": "charge", "payment_intent": "payment_intent"},
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
    "radar.early_fraud_warning": {"charge": "charge", "payment_intent": "payment_intent"},
}


def page(
    store: Store, kind: str, params: Document, url: str, conditions: list[Condition] | None = None
) -> Document:
    """Return one page of a kind, newest first. Raise StripeError for a bad limit or an unknown cursor."""
    limit = params.get("limit", DEFAULT_LIMIT)
    if not 1 <= limit <= MAX_LIMIT:
        message = f"This value must be between 1 and {MAX_LIMIT}."
        raise StripeError(message, code="parameter_invalid_integer", param="limit")
    if "starting_after" in params and "ending_before" in params:
        raise StripeError("Send either `starting_after` or `ending_before`.", param="ending_before")
    wanted = created(params.get("created")) + (conditions or [])
    backwards = "ending_before" in params
    found = store.select(
        kind,
        wanted,
        before=cursor(store, kind, params, "starting_after"),
        after=cursor(store, kind, params, "ending_before"),
        limit=limit + 1,
        newest_first=not backwards,
    )
    rows = found[:limit]
    return whole_list(rows[::-1] if backwards else rows, url, more=len(found) > limit)


def whole_list(rows: list[Document], url: str, more: bool = False) -> Document:
    """Return Stripe's list object."""
    return {"object": "list", "data": rows, "has_more": more, "url": url}


def cursor(store: Store, kind: str, params: Document, name: str) -> int | None:
    """Return where a page begins. Raise StripeError (404) for an object that is not there."""
    if name not in params:
        return None
    position = store.position(kind, params[name])
    if position is None:
        raise missing(kind, params[name], name)
    return position


def created(wanted: int | dict[str, int] | None) -> list[Condition]:
    """Return the conditions of a moment, or of the bounds of a time."""
    if wanted is None:
        return []
    if isinstance(wanted, int):
        return [("created", "=", wanted)]
    return [("created", COMPARISONS[name], moment) for name, moment in wanted.items()]


def equal(params: Document, *names: str) -> list[Condition]:
    """Return the conditions that those of the parameters that are given are met exactly."""
    return [(name, "=", params[name]) for name in names if name in params]


def expanded(store: Store, document: Document, paths: list[str]) -> Document:
    """Return the object with the objects that `expand` names in place of their ids. Raise StripeError."""
    for path in paths:
        fields = path.split(".")
        if len(fields) > MAX_EXPANSION_DEPTH:
            message = f"You cannot expand more than {MAX_EXPANSION_DEPTH} levels of a property."
            raise StripeError(message, param="expand")
        expand(store, document, fields, path)
    return document


def expand(store: Store, document: Document, fields: list[str], path: str) -> None:
    """Follow one step of a path, in place."""
    field, rest = fields[0], fields[1:]
    if document.get("object") == "list" and field == "data" and rest:
        for row in document["data"]:
            expand(store, row, rest, path)
        return
    value = document.get(field)
    if not isinstance(value, dict):
        value = referenced(store, document, field, path)
        document[field] = value
    if rest and value is not None:
        expand(store, value, rest, path)


def referenced(store: Store, document: Document, field: str, path: str) -> Any:
    """Return what a field refers to. Raise StripeError (400) if it refers to nothing that we have."""
    kind = document.get("object", "")
    if (kind, field) == ("checkout.session", "line_items"):
        return line_items(store, document["id"])
    if (kind, field) == ("charge", "refunds"):
        refunds = store.select("refund", [("charge", "=", document["id"])])
        return whole_list(refunds, f"/v1/charges/{document['id']}/refunds")
    if field not in REFERENCES.get(kind, {}):
        raise StripeError(f"This property cannot be expanded ({path}).", param="expand")
    identifier = document.get(field)
    return store.find(REFERENCES[kind][field], identifier) if identifier else None


def line_items(store: Store, session: str) -> Document:
    """Return the lines of a session."""
    lines = store.private(session).get("lines", [])
    return whole_list(lines, f"/v1/checkout/sessions/{session}/line_items")
