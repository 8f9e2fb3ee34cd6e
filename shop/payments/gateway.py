"""The only place that speaks to Stripe. Everything else sees plain values and errors of its own kinds.

Refunds have a file of their own (gateway_refunds), which calls Stripe through `call` and `client`.

No function here runs inside a database transaction.
"""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from uuid import UUID

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
SIGNATURE_TOLERANCE_SECONDS = 300
IDENTIFIER = re.compile(r"[A-Za-z0-9_]{1,255}")


class PaymentUnavailable(Exception):
    """Stripe cannot be reached or cannot answer now; the same call may succeed later."""


class StripeUnreachable(PaymentUnavailable):
    """No answer came at all: the network or all of Stripe is away, whatever was asked."""


class PaymentRefused(Exception):
    """Stripe understood the request and refuses it; trying again changes nothing."""


class SessionUnknown(PaymentRefused):
    """Stripe knows no such Checkout Session."""


class EmailRefused(PaymentRefused):
    """Stripe takes no such e-mail address."""


class KeyUsedBefore(PaymentRefused):
    """The idempotency key came before with other parameters; what was asked for then may exist."""


class BadSignature(Exception):
    """A webhook that Stripe did not sign, or signed too long ago."""


@dataclass(frozen=True)
class CheckoutSession:
    """What the shop needs to know of a Stripe Checkout Session. Amounts in minor units."""

    id: str
    url: str
    status: str  # open, complete, expired
    payment_status: str  # paid, unpaid, no_payment_required
    amount: int
    currency: str  # as the shop writes it: upper case
    livemode: bool
    client_reference_id: str
    payment_id: str  # from our metadata
    payment_intent_id: str
    payment_intent_status: str


def create_checkout_session(
    *,
    order_code: str,
    payment_id: int,
    amount: int,
    currency: str,
    email: str | None,
    expires_at: datetime,
    idempotency_key: UUID,
    success_url: str,
    cancel_url: str,
) -> CheckoutSession:
    """A new session over one neutral line, or with the same key the one made before.

    https://docs.stripe.com/api/checkout/sessions/create. The line names the order and no health topic: it is
    shown on Stripe's page and in the buyer's bank account. Raises PaymentUnavailable, PaymentRefused, and
    its kind EmailRefused.
    """
    metadata = {"order": order_code, "payment": str(payment_id)}
    return _snapshot(
        call(
            client().v1.checkout.sessions.create,
            {
                "mode": "payment",
                "line_items": [
                    {
                        "quantity": 1,
                        "price_data": {
                            "currency": currency.lower(),
                            "unit_amount": amount,
                            "product_data": {"name": f"Order {order_code}"},
                        },
                    }
                ],
                "client_reference_id": order_code,
                # Without it Stripe asks the payer.
                **({EMAIL_PARAMETER: email} if email else {}),
                "metadata": metadata,
                # A session's metadata does not reach its payment intent.
                "payment_intent_data": {
                    "metadata": metadata,
                    "description": f"Order {order_code}",
                    "statement_descriptor_suffix": order_code,
                },
                "success_url": success_url,
                "cancel_url": cancel_url,
                "expires_at": int(expires_at.timestamp()),
                "submit_type": "pay",
                "locale": "auto",
                # The shop computes prices and tax itself: the sum that it showed is the sum charged.
                "automatic_tax": {"enabled": False},
                "adaptive_pricing": {"enabled": False},
                "allow_promotion_codes": False,
            },
            {"idempotency_key": f"checkout-session-{idempotency_key}"},
        )
    )


def retrieve_session(session_id: str) -> CheckoutSession:
    """The session as Stripe knows it now. Raises SessionUnknown and PaymentUnavailable."""
    return _snapshot(
        call(client().v1.checkout.sessions.retrieve, known_form(session_id), {"expand": ["payment_intent"]})
    )


def list_sessions(since: datetime) -> Iterator[CheckoutSession]:
    """Every session that Stripe has made since then, newest first. Raises PaymentUnavailable."""
    page = call(
        client().v1.checkout.sessions.list,
        {"created": {"gte": int(since.timestamp())}, "limit": PAGE_SIZE, "expand": ["data.payment_intent"]},
    )
    while True:
        yield from (_snapshot(session) for session in page.data)
        if not page.has_more:
            return
        page = call(page.next_page)


def expire_session(session_id: str) -> CheckoutSession:
    """The session after it was ended, or as it is when it was not open any more.

    Raises SessionUnknown and PaymentUnavailable.
    """
    try:
        return _snapshot(
            call(client().v1.checkout.sessions.expire, known_form(session_id), {"expand": ["payment_intent"]})
        )
    except PaymentRefused:
        return retrieve_session(session_id)


def verify_event(payload: bytes, signature: str) -> str:
    """The text that Stripe signed, whatever it holds. Raises BadSignature.

    During a secret's rotation the setting holds the old and the new one, divided by a comma.
    https://docs.stripe.com/webhooks#verify-manually
    """
    try:
        text = payload.decode()
    except UnicodeDecodeError as error:
        raise BadSignature from error
    if not signature.isascii():  # the SDK compares in constant time, which takes no other letters
        raise BadSignature
    for secret in settings.STRIPE_WEBHOOK_SECRET.split(","):
        try:
            stripe.WebhookSignature.verify_header(
                text, signature, secret.strip(), tolerance=SIGNATURE_TOLERANCE_SECONDS
            )
        except (ValueError, stripe.SignatureVerificationError):
            continue
        return text
    raise BadSignature


def known_form(identifier: str) -> str:
    """The id, if Stripe may have made it; with another the SDK would ask for something else, such as a list.

    Raises SessionUnknown.
    """
    if not IDENTIFIER.fullmatch(identifier):
        raise SessionUnknown("no id of Stripe's")
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
        return SessionUnknown(words)
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


def _snapshot(session: stripe.checkout.Session) -> CheckoutSession:
    intent = session.payment_intent  # its id, or the object where it was asked for
    metadata = session.metadata.to_dict() if session.metadata else {}
    return CheckoutSession(
        id=session.id,
        url=session.url or "",
        status=session.status or "",
        payment_status=session.payment_status,
        amount=session.amount_total or 0,
        currency=(session.currency or "").upper(),
        livemode=session.livemode,
        client_reference_id=session.client_reference_id or "",
        payment_id=metadata.get("payment", ""),
        payment_intent_id=(intent if isinstance(intent, str) else intent.id) if intent else "",
        payment_intent_status="" if intent is None or isinstance(intent, str) else intent.status,
    )


@dataclass(frozen=True)
class StripeDispute:
    """What the shop needs to know of a dispute at Stripe. Amounts in minor units."""

    id: str
    status: str
    reason: str
    amount: int
    currency: str  # upper case
    livemode: bool
    payment_intent_id: str
    order_code: str  # from our metadata on the payment intent
    payment_id: str  # from our metadata on the payment intent
    created: datetime
    due_by: datetime | None
    is_refundable: bool  # whether Stripe takes a refund of the payment while this dispute is as it is
    moved: int | None  # what it brought to (or, below zero, took from) the balance; None: Stripe does not say


@dataclass(frozen=True)
class FraudWarning:
    """A card network's suspicion about a payment, before any dispute."""

    id: str
    livemode: bool
    payment_intent_id: str
    order_code: str
    payment_id: str


def retrieve_dispute(dispute_id: str) -> StripeDispute:
    """The dispute as Stripe knows it now. Raises SessionUnknown (for it too), PaymentUnavailable."""
    return _dispute_snapshot(
        call(client().v1.disputes.retrieve, known_form(dispute_id), {"expand": ["payment_intent"]})
    )


def list_disputes(since: datetime) -> Iterator[StripeDispute]:
    """Every dispute that was opened since then, newest first. Raises PaymentUnavailable."""
    for dispute in every_page(client().v1.disputes.list, created=_since(since)):
        yield _dispute_snapshot(dispute)


def list_disputes_of_payment(payment_intent_id: str) -> Iterator[StripeDispute]:
    """Every dispute about one payment, newest first. Raises SessionUnknown and PaymentUnavailable."""
    for dispute in every_page(client().v1.disputes.list, payment_intent=payment_intent_id):
        yield _dispute_snapshot(dispute)


def retrieve_fraud_warning(warning_id: str) -> FraudWarning:
    """The warning as Stripe knows it now. Raises SessionUnknown (for it too), PaymentUnavailable."""
    warnings = client().v1.radar.early_fraud_warnings
    return _warning_snapshot(call(warnings.retrieve, known_form(warning_id), {"expand": ["payment_intent"]}))


def list_fraud_warnings(since: datetime) -> Iterator[FraudWarning]:
    """Every early fraud warning since then, newest first. Raises PaymentUnavailable."""
    for warning in every_page(client().v1.radar.early_fraud_warnings.list, created=_since(since)):
        yield _warning_snapshot(warning)


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


def _dispute_snapshot(dispute: stripe.Dispute) -> StripeDispute:
    due_by = dispute.evidence_details.due_by
    movements = dispute.balance_transactions
    return StripeDispute(
        id=dispute.id,
        status=dispute.status,
        reason=dispute.reason,
        amount=dispute.amount,
        currency=dispute.currency.upper(),
        livemode=dispute.livemode,
        created=datetime.fromtimestamp(dispute.created, UTC),
        # 0 where the bank takes no answer.
        due_by=datetime.fromtimestamp(due_by, UTC) if due_by else None,
        is_refundable=dispute.is_charge_refundable,
        moved=sum(movement.amount for movement in movements) if movements else None,
        **intent_facts(dispute.payment_intent),
    )


def _warning_snapshot(warning: stripe.radar.EarlyFraudWarning) -> FraudWarning:
    return FraudWarning(id=warning.id, livemode=warning.livemode, **intent_facts(warning.payment_intent))


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
