"""The part of Stripe's REST API that the shop uses, one function an endpoint."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from stripe import params as declared
from stripe.params import checkout as declared_checkout
from stripe.params import radar as declared_radar

from . import listing, objects, outcomes, refunds, session_rules
from .errors import NotPossible, StripeError, missing
from .exchange import Context
from .listing import equal
from .store import Condition, Document

MAX_EVENT_TYPES = 20

Endpoint = Callable[[Context, Document, str], Document]


class Route(NamedTuple):
    """A method and a path (with one id), the SDK's type of its parameters, and who answers."""

    method: str
    path: re.Pattern[str]
    declaration: Any
    endpoint: Endpoint


def create_session(context: Context, params: Document, identifier: str) -> Document:
    """Make an open session with its lines."""
    now = context.store.now()
    session_rules.check(params, now)
    lines = [objects.line_item(line, now) for line in params["line_items"]]
    private = {"lines": lines, "payment_intent_data": params.get("payment_intent_data", {})}
    return context.store.add(objects.checkout_session(params, lines, context.address, now), private)


def list_sessions(context: Context, params: Document, identifier: str) -> Document:
    """Return sessions, perhaps those of one intent, state or e-mail address."""
    conditions: list[Condition] = equal(params, "payment_intent", "status", "customer")
    if "customer_details" in params:
        conditions.append(("customer_details.email", "=", params["customer_details"]["email"]))
    return listing.page(context.store, "checkout.session", params, "/v1/checkout/sessions", conditions)


def expire_session(context: Context, params: Document, identifier: str) -> Document:
    """End an open session. Raise StripeError (400) if it is not open."""
    retrieve("checkout.session")(context, params, identifier)
    try:
        return outcomes.expire(context.store, identifier)
    except NotPossible as refused:
        message = f'Only Checkout Sessions with a status in ["open"] can be expired. {refused}'
        raise StripeError(message) from None


def list_line_items(context: Context, params: Document, identifier: str) -> Document:
    """Return the lines of a session, in their order."""
    retrieve("checkout.session")(context, params, identifier)
    lines = listing.line_items(context.store, identifier)
    rows = lines["data"]
    if "starting_after" in params:
        numbers = [number for number, row in enumerate(rows) if row["id"] == params["starting_after"]]
        if not numbers:
            raise missing("item", params["starting_after"], "starting_after")
        rows = rows[numbers[0] + 1 :]
    limit = params.get("limit", listing.DEFAULT_LIMIT)
    return listing.whole_list(rows[:limit], lines["url"], more=len(rows) > limit)


def create_refund(context: Context, params: Document, identifier: str) -> Document:
    """Make a refund."""
    return refunds.create(context.store, params)


def list_events(context: Context, params: Document, identifier: str) -> Document:
    """Return events, perhaps of some types (`charge.*`) or with their webhooks delivered or not."""
    if "type" in params and "types" in params:
        raise StripeError("Send either `type` or `types`.", param="types")
    types = params.get("types", [params["type"]] if "type" in params else [])
    if len(types) > MAX_EVENT_TYPES:
        raise StripeError(f"`types` takes at most {MAX_EVENT_TYPES} types.", param="types")
    conditions: list[Condition] = []
    if "delivery_success" in params:
        conditions.append(("pending_webhooks", "=" if params["delivery_success"] else ">", 0))
    if types:
        conditions.append(("type", "REGEXP", "|".join(event_pattern(kind) for kind in types)))
    return listing.page(context.store, "event", params, "/v1/events", conditions)


def event_pattern(kind: str) -> str:
    """Return `charge.*` as a regular expression."""
    return re.escape(kind).replace(r"\*", ".*")


def retrieve(kind: str) -> Endpoint:
    """Return an endpoint that gives one object of a kind. Raise StripeError (404) if there is none."""

    def endpoint(context: Context, params: Document, identifier: str) -> Document:
        found = context.store.find(kind, identifier)
        if found is None:
            raise missing(kind, identifier)
        return found

    return endpoint


def listed(kind: str, url: str, *names: str) -> Endpoint:
    """Return an endpoint that gives a page of a kind, with `names` as exact filters."""

    def endpoint(context: Context, params: Document, identifier: str) -> Document:
        return listing.page(context.store, kind, params, url, equal(params, *names))

    return endpoint


def route(method: str, path: str, declaration: Any, endpoint: Endpoint) -> Route:
    """Return the route of a path, in which `:id` stands for an object's id."""
    return Route(method, re.compile(path.replace(":id", r"(?P<id>[A-Za-z0-9_]+)")), declaration, endpoint)


def resource(kind: str, url: str, list_type: Any, retrieve_type: Any, *names: str) -> list[Route]:
    """Return the two ways to read objects of a kind."""
    return [
        route("GET", url, list_type, listed(kind, url, *names)),
        route("GET", f"{url}/:id", retrieve_type, retrieve(kind)),
    ]


SESSIONS = "/v1/checkout/sessions"

ROUTES = [
    route("POST", SESSIONS, declared_checkout.SessionCreateParams, create_session),
    route("GET", SESSIONS, declared_checkout.SessionListParams, list_sessions),
    route("GET", f"{SESSIONS}/:id", declared_checkout.SessionRetrieveParams, retrieve("checkout.session")),
    route("POST", f"{SESSIONS}/:id/expire", declared_checkout.SessionExpireParams, expire_session),
    route("GET", f"{SESSIONS}/:id/line_items", declared_checkout.SessionLineItemListParams, list_line_items),
    route("POST", "/v1/refunds", declared.RefundCreateParams, create_refund),
    route("GET", "/v1/events", declared.EventListParams, list_events),
    route("GET", "/v1/events/:id", declared.EventRetrieveParams, retrieve("event")),
    *resource(
        "payment_intent",
        "/v1/payment_intents",
        declared.PaymentIntentListParams,
        declared.PaymentIntentRetrieveParams,
        "customer",
    ),
    *resource(
        "charge", "/v1/charges", declared.ChargeListParams, declared.ChargeRetrieveParams, "payment_intent"
    ),
    *resource(
        "refund",
        "/v1/refunds",
        declared.RefundListParams,
        declared.RefundRetrieveParams,
        "charge",
        "payment_intent",
    ),
    *resource(
        "dispute",
        "/v1/disputes",
        declared.DisputeListParams,
        declared.DisputeRetrieveParams,
        "charge",
        "payment_intent",
    ),
    *resource(
        "radar.early_fraud_warning",
        "/v1/radar/early_fraud_warnings",
        declared_radar.EarlyFraudWarningListParams,
        declared_radar.EarlyFraudWarningRetrieveParams,
        "charge",
        "payment_intent",
    ),
]


def find_route(method: str, path: str) -> tuple[Route, str]:
    """Return the route of a request, and the id in its path. Raise StripeError (404)."""
    for candidate in ROUTES:
        match = candidate.path.fullmatch(path)
        if match and candidate.method == method:
            return candidate, match.groupdict().get("id", "")
    raise StripeError(f"Unrecognized request URL ({method}: {path}).", status=404)
