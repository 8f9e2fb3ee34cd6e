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
    """Stripe knows no such Checkout Session."""


class EmailRefused(PaymentRefused):
    """Stripe takes no such e-mail address."""


class KeyUsedBefore(PaymentRefused):
    """The idempotency key came before with other parameters; what was asked for then may exist."""


def known_form(identifier: str) -> str:
    """The id, if Stripe may have made it; with another the SDK would ask for something else, such as a list.

    Raises ObjectNotFound.
    """
    if not IDENTIFIER.fullmatch(identifier):
        raise ObjectNotFound("no id of Stripe's")
    return identifier


def is_live() -> bool:
    """Whether the configured key moves real money."""
    return settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))


def dashboard_url(path: str) -> str:
    """Where staff see it at Stripe, in the mode of the configured key; payments/pi_… or disputes."""
    return f"https://dashboard.stripe.com/{'' if is_live() else 'test/'}{path}"


def client() -> stripe.StripeClient:
    """Stripe's client for the configured key."""
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
    """What Stripe answers. Raises PaymentUnavailable and PaymentRefused."""
    try:
        return method(*arguments)
    except stripe.StripeError as error:
        # Without the cause: Stripe's own words may repeat the buyer's e-mail address into logs.
        translated = _translated(error)
        logger.warning("%s: %s", type(translated).__name__, translated)
        raise translated from None


def _translated(error: stripe.StripeError) -> PaymentUnavailable | PaymentRefused:
    facts = f"{type(error).__name__} {error.http_status or ''} {error.code or ''} {error.request_id or ''}"
    words = " ".join(facts.split())
    if error.code == "resource_missing":
        return ObjectNotFound(words)
    is_key_in_use = error.http_status == HTTPStatus.CONFLICT  # by the same request, still at work
    if isinstance(error, stripe.IdempotencyError) and not is_key_in_use:
        return KeyUsedBefore(words)
    if isinstance(error, stripe.InvalidRequestError) and not is_key_in_use:
        return EmailRefused(words) if error.param == EMAIL_PARAMETER else PaymentRefused(words)
    # An answer kept under an idempotency key stays the same for a day, a failure too.
    if (error.headers or {}).get("Idempotent-Replayed") == "true":
        return PaymentRefused(words)
    if isinstance(error, stripe.APIConnectionError):
        return StripeUnreachable(words)
    # Rate limit, Stripe's own fault, and a key that somebody must mend.
    return PaymentUnavailable(words)


def _since(moment: datetime) -> dict[str, int]:
    return {"gte": int(moment.timestamp())}


def every_page(method: Callable, **conditions: Any) -> Iterator[Any]:
    """Every object of Stripe's list that meets the conditions, with its payment intent, newest first."""
    page = call(method, {**conditions, "limit": PAGE_SIZE, "expand": ["data.payment_intent"]})
    while True:
        yield from page.data
        if not page.has_more:
            return
        page = call(page.next_page)


def intent_facts(intent: stripe.PaymentIntent | str | None) -> dict[str, str]:
    """Which payment it is about; a charge without a payment intent is none of this shop's."""
    if intent is None or isinstance(intent, str):
        return {"payment_intent_id": intent or "", "order_code": "", "payment_id": ""}
    metadata = intent.metadata.to_dict() if intent.metadata else {}
    return {
        "payment_intent_id": intent.id,
        "order_code": metadata.get("order", ""),
        "payment_id": metadata.get("payment", ""),
    }
