"""The way of an API request: the key, the parameters, the work once, the answer."""

import base64
import binascii
from collections.abc import Mapping

from . import endpoints, events, faults, idempotency, listing, outcomes, parameters
from .errors import StripeError
from .exchange import Context, Request, Response, json_response
from .identifiers import new_id
from .objects import API_VERSION
from .store import Document

LOST = ("hang", "close")


def answer(context: Context, request: Request) -> Response:
    """What Stripe would answer; `abandoned` where a fault takes the answer away."""
    request_id = new_id("req_")
    try:
        authenticate(context, request)
        struck = faults.strike(context.store, faults.API, f"{request.method} {request.path}")
        by_kind = {fault.kind: fault for fault in struck}
        raise_refusals(by_kind)
        response = once(context, request, request_id, by_kind)
    except StripeError as error:
        response = json_response(error.body(), error.status)
        by_kind = {}
    for kind in LOST:
        if kind in by_kind:
            context.stopping.wait(by_kind[kind].seconds)
            return Response(0, abandoned=True)
    return with_headers(request, request_id, response)


def with_headers(request: Request, request_id: str, response: Response) -> Response:
    """The answer with the headers that each of Stripe's answers has."""
    headers = {
        "Request-Id": request_id,
        "Stripe-Version": request.headers.get("stripe-version", API_VERSION),
        **response.headers,
    }
    if "idempotency-key" in request.headers and request.method == "POST":
        headers["Idempotency-Key"] = request.headers["idempotency-key"]
    return Response(response.status, response.body, response.content_type, headers)


def authenticate(context: Context, request: Request) -> None:
    """Raises StripeError (401) unless the request carries the secret key."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        given = basic_user(given)
    if not given:
        raise StripeError("You did not provide an API key in the Authorization header.", status=401)
    if given.strip() != context.configuration.secret_key:
        raise StripeError(f"Invalid API Key provided: {given[:8]}{'*' * 8}", status=401)


def basic_user(credentials: str) -> str:
    """The user's part of HTTP Basic authentication, where `curl -u` puts the key."""
    try:
        return base64.b64decode(credentials).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def raise_refusals(struck: Mapping[str, faults.Fault]) -> None:
    """Raises StripeError for the faults that stop a request before anything is done."""
    if "rate_limit" in struck:
        raise StripeError("Too many requests hit the API too quickly.", code="rate_limit", status=429)
    if "refuse" in struck:
        raise StripeError("This request is refused.")
    if "server_error" in struck:
        raise StripeError("An error occurred on the server.", status=500, kind="api_error")


def once(context: Context, request: Request, request_id: str, struck: Mapping[str, faults.Fault]) -> Response:
    """
    Do the work, or give the answer that its idempotency key has already.

    Parameters that Stripe refuses before it begins are not remembered; everything after that is, errors
    too (https://docs.stripe.com/api/idempotent_requests).
    """
    route, identifier = endpoints.find_route(request.method, request.path)
    params = parameters.validated(parameters.nested(request.pairs()), route.declaration)
    key = request.headers.get("idempotency-key")
    if request.method != "POST" or not key:
        wait(context, struck)
        return work(context, route, params, identifier, struck)
    asked = idempotency.fingerprint(request, params)
    with idempotency.hold(context.store, key):
        earlier = idempotency.earlier_answer(context.store, key, asked)
        if earlier:
            return earlier
        wait(context, struck)
        token = events.cause.set({"id": request_id, "idempotency_key": key})
        try:
            with context.store.transaction():
                response = work(context, route, params, identifier, struck)
                idempotency.keep(context.store, key, asked, request_id, response)
        finally:
            events.cause.reset(token)
        return response


def wait(context: Context, struck: Mapping[str, faults.Fault]) -> None:
    """A slow moment before the work."""
    if "slow" in struck:
        context.stopping.wait(struck["slow"].seconds)


def work(
    context: Context,
    route: endpoints.Route,
    params: Document,
    identifier: str,
    struck: Mapping[str, faults.Fault],
) -> Response:
    """Run the endpoint; what it refuses leaves nothing behind."""
    outcomes.expire_due(context.store)
    try:
        with context.store.transaction():
            document = route.endpoint(context, params, identifier)
            listing.expanded(context.store, document, params.get("expand", []))
        if "server_error_after" in struck:
            raise StripeError("An error occurred on the server.", status=500, kind="api_error")
    except StripeError as error:
        return json_response(error.body(), error.status)
    return json_response(document)
