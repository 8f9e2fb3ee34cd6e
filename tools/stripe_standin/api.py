"""The way of an API request: the secret key, the parameters, the work once for each idempotency key."""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from . import endpoints, events, faults, listing, outcomes, parameters
from .errors import StripeError
from .exchange import Context, Request, Response, json_response
from .objects import API_VERSION, new_id
from .store import Document, Store

KEY_LIFETIME_SECONDS = 24 * 60 * 60
MAX_KEY_LENGTH = 255
LOST_ANSWER = ("hang", "close")


def answer(context: Context, request: Request) -> Response:
    """Return what Stripe would answer; `abandoned` where a fault takes the answer away."""
    request_id = new_id("req_")
    try:
        authenticate(context, request)
        active = faults.trigger(context.store, faults.API, f"{request.method} {request.path}")
        by_kind = {fault.kind: fault for fault in active}
        raise_refusals(by_kind)
        response = answer_once(context, request, request_id, by_kind)
    except StripeError as error:
        response = json_response(error.body(), error.status)
        by_kind = {}
    for kind in LOST_ANSWER:
        if kind in by_kind:
            context.stopping.wait(by_kind[kind].seconds)
            return Response(0, abandoned=True)
    return with_headers(request, request_id, response)


def with_headers(request: Request, request_id: str, response: Response) -> Response:
    """Return the answer with the headers that each of Stripe's answers has."""
    headers = {
        "Request-Id": request_id,
        "Stripe-Version": request.headers.get("stripe-version", API_VERSION),
        **response.headers,
    }
    if "idempotency-key" in request.headers and request.method == "POST":
        headers["Idempotency-Key"] = request.headers["idempotency-key"]
    return Response(response.status, response.body, response.content_type, headers)


def authenticate(context: Context, request: Request) -> None:
    """Raise StripeError (401) unless the request carries the secret key."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        given = basic_user(given)
    if not given:
        raise StripeError("You did not provide an API key in the Authorization header.", status=401)
    if given.strip() != context.configuration.secret_key:
        raise StripeError(f"Invalid API Key provided: {given[:8]}{'*' * 8}", status=401)


def basic_user(credentials: str) -> str:
    """Return the user's part of HTTP Basic authentication, where `curl -u` puts the key."""
    try:
        return base64.b64decode(credentials).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def raise_refusals(active: Mapping[str, faults.Fault]) -> None:
    """Raise StripeError for the faults that stop a request before anything is done."""
    if "rate_limit" in active:
        raise StripeError("Too many requests hit the API too quickly.", code="rate_limit", status=429)
    if "refuse" in active:
        raise StripeError("This request is refused.")
    if "server_error" in active:
        raise StripeError("An error occurred on the server.", status=500, kind="api_error")


def answer_once(
    context: Context, request: Request, request_id: str, active: Mapping[str, faults.Fault]
) -> Response:
    """
    Do the work and return the answer, or return the answer that its idempotency key has already.

    Parameters that Stripe refuses before it begins are not remembered; everything after that is, errors
    too (https://docs.stripe.com/api/idempotent_requests).
    """
    route, identifier = endpoints.find_route(request.method, request.path)
    params = parameters.validate(parameters.nest(request.pairs()), route.declaration)
    key = request.headers.get("idempotency-key")
    if request.method != "POST" or not key:
        wait(context, active)
        return run_endpoint(context, route, params, identifier, active)
    asked = fingerprint(request, params)
    with hold_key(context.store, key):
        earlier = earlier_answer(context.store, key, asked)
        if earlier:
            return earlier
        wait(context, active)
        token = events.current_request.set({"id": request_id, "idempotency_key": key})
        try:
            with context.store.transaction():
                response = run_endpoint(context, route, params, identifier, active)
                keep_answer(context.store, key, asked, request_id, response)
        finally:
            events.current_request.reset(token)
        return response


def wait(context: Context, active: Mapping[str, faults.Fault]) -> None:
    """Wait a moment before the work, if a fault makes it slow."""
    if "slow" in active:
        context.stopping.wait(active["slow"].seconds)


def run_endpoint(
    context: Context,
    route: endpoints.Route,
    params: Document,
    identifier: str,
    active: Mapping[str, faults.Fault],
) -> Response:
    """Run the endpoint; what it refuses leaves nothing behind."""
    outcomes.expire_due(context.store)
    try:
        with context.store.transaction():
            document = route.endpoint(context, params, identifier)
            listing.expanded(context.store, document, params.get("expand", []))
        if "server_error_after" in active:
            raise StripeError("An error occurred on the server.", status=500, kind="api_error")
    except StripeError as error:
        return json_response(error.body(), error.status)
    return json_response(document)


def fingerprint(request: Request, params: Mapping[str, Any]) -> str:
    """Return a text that is the same for two requests that ask for the same."""
    text = json.dumps([request.method, request.path, params], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@contextmanager
def hold_key(store: Store, key: str) -> Iterator[None]:
    """Keep the key for one request. Raise StripeError (409) while another has it."""
    if len(key) > MAX_KEY_LENGTH:
        message = f"An idempotency key takes at most {MAX_KEY_LENGTH} characters."
        raise StripeError(message, kind="idempotency_error")
    with store.changed:
        if key in store.keys_in_use:
            raise StripeError(
                f"Another request with the idempotency key '{key}' is being worked on.",
                code="idempotency_key_in_use",
                kind="idempotency_error",
                status=409,
            )
        store.keys_in_use.add(key)
        store.changed.notify_all()
    try:
        yield
    finally:
        with store.changed:
            store.keys_in_use.discard(key)


def earlier_answer(store: Store, key: str, asked: str) -> Response | None:
    """Return the key's first answer. Raise StripeError (400) if the key was used for something else."""
    with store.transaction():
        store.execute("DELETE FROM answers WHERE created < ?", (store.now() - KEY_LIFETIME_SECONDS,))
        rows = store.execute("SELECT * FROM answers WHERE key = ?", (key,))
    if not rows:
        return None
    if rows[0]["fingerprint"] != asked:
        message = f"The idempotency key '{key}' was first used for another endpoint or with other parameters."
        raise StripeError(message, kind="idempotency_error")
    headers = {"Idempotent-Replayed": "true", "Original-Request": rows[0]["request_id"]}
    return Response(rows[0]["status"], rows[0]["body"].encode(), headers=headers)


def keep_answer(store: Store, key: str, asked: str, request_id: str, answer: Response) -> None:
    """Remember the first answer, whether it is a success or an error."""
    with store.transaction():
        store.execute(
            "INSERT INTO answers (key, fingerprint, status, body, request_id, created)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (key, asked, answer.status, answer.body.decode(), request_id, store.now()),
        )
