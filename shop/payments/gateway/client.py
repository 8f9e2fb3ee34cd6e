"""One client, one way to call it, one translation of Stripe's errors."""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import stripe
from django.conf import settings

logger = logging.getLogger(__name__)
# The version that this code was written against; the account's own default must not change its meaning.
API_VERSION = "2026-10-28.endive"
# To connect, and for each part of the answer: a buyer waits for it.
TIMEOUTS_SECONDS = (4.0, 15.0)
NETWORK_RETRIES = 2
PAGE_SIZE = 100
EMAIL_PARAMETER = "customer_email"
IDENTIFIER = re.compile(r"[A-Za-z0-9_]{1,255}")


class PaymentUnavailable(Exception):
    """Stripe cannot be reached or cannot answer now; the same call may succeed later."""


class StripeUnreachable(PaymentUnavailable):
    """No answer came at all: the network or all of Stripe is away, whatever was asked."""


class PaymentRefused(Exception):
    """Stripe understood the request and refuses it; trying again changes nothing."""


class ObjectNotFound(PaymentRefused):
    """Stripe has no object with this id: no Checkout Session, refund, charge, dispute or fraud warning."""


class EmailRefused(PaymentRefused):
    """Stripe takes no such e-mail address."""


class KeyUsedBefore(PaymentRefused):
    """The idempotency key came before with other parameters; what was asked for then may exist."""


def validated_id(identifier: str) -> str:
    """Return the id if Stripe may have made it; with another the SDK would ask for something else, as a list.

    Raise ObjectNotFound otherwise.
    """
    if not IDENTIFIER.fullmatch(identifier):
        raise ObjectNotFound("no id of Stripe's")
    return identifier


def is_live() -> bool:
    """Return whether the configured key moves real money."""
    return settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))


def dashboard_url(path: str) -> str:
    """Return the address of `path` (payments/pi_…, disputes) in the dashboard of the configured mode."""
    return f"https://dashboard.stripe.com/{'' if is_live() else 'test/'}{path}"


def client() -> stripe.StripeClient:
    """Return Stripe's client for the configured key."""
    return _client_for(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


@lru_cache(maxsize=4)
def _client_for(key: str, api_base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        stripe_version=API_VERSION,
        max_network_retries=NETWORK_RETRIES,
        base_addresses={"api": api_base} if api_base else None,
        http_client=stripe.RequestsClient(timeout=TIMEOUTS_SECONDS),
    )


def call(method: Callable, *arguments: Any) -> Any:
    """Return what a method of the SDK returns. Raise PaymentUnavailable or PaymentRefused."""
    try:
        return method(*arguments)
    except stripe.StripeError as error:
        # Without the cause: Stripe's own message may repeat the buyer's e-mail address into logs.
        translated = _translate(error)
        logger.warning("%s: %s", type(translated).__name__, translated)
        raise translated from None


def _translate(error: stripe.StripeError) -> PaymentUnavailable | PaymentRefused:
    parts = (type(error).__name__, error.http_status, error.code, error.request_id)
    summary = " ".join(str(part) for part in parts if part)
    if error.code == "resource_missing":
        return ObjectNotFound(summary)
    is_key_in_use = error.http_status == HTTPStatus.CONFLICT  # by the same request, still at work
    if isinstance(error, stripe.IdempotencyError) and not is_key_in_use:
        return KeyUsedBefore(summary)
    if isinstance(error, stripe.InvalidRequestError) and not is_key_in_use:
        return EmailRefused(summary) if error.param == EMAIL_PARAMETER else PaymentRefused(summary)
    # An answer kept under an idempotency key stays the same for a day, a failure too.
    if (error.headers or {}).get("Idempotent-Replayed") == "true":
        return PaymentRefused(summary)
    if isinstance(error, stripe.APIConnectionError):
        return StripeUnreachable(summary)
    # Rate limit, Stripe's own fault, and a key that somebody must mend.
    return PaymentUnavailable(summary)


def iterate_list(method: Callable, **conditions: Any) -> Iterator[Any]:
    """Yield every object of Stripe's list that meets the conditions, with its payment intent, newest first.

    Raise PaymentUnavailable or PaymentRefused, also between two pages.
    """
    page = call(method, {**conditions, "limit": PAGE_SIZE, "expand": ["data.payment_intent"]})
    while True:
        yield from page.data
        if not page.has_more:
            return
        page = call(page.next_page)


def created_since(moment: datetime) -> dict[str, int]:
    """Return the condition `created` of Stripe's lists for what was made at this moment or later."""
    return {"gte": int(moment.timestamp())}


def payment_intent_fields(intent: stripe.PaymentIntent | str | None) -> dict[str, str]:
    """Return payment_intent_id, and from our metadata on the payment intent order_code and payment_id.

    A charge without a payment intent is none of this shop's, and all three are empty.
    """
    if intent is None or isinstance(intent, str):
        return {"payment_intent_id": intent or "", "order_code": "", "payment_id": ""}
    metadata = intent.metadata.to_dict() if intent.metadata else {}
    return {
        "payment_intent_id": intent.id,
        "order_code": metadata.get("order", ""),
        "payment_id": metadata.get("payment", ""),
    }
