"""Checkout Sessions at Stripe, as plain values."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import stripe

from shop.payments.gateway.client import (
    EMAIL_PARAMETER,
    PaymentRefused,
    call,
    client,
    created_since,
    iterate_list,
    validated_id,
)


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
    """Make a session over one neutral line and return it; with the same key, return the one made before.

    https://docs.stripe.com/api/checkout/sessions/create. The line names the order and no health topic: it is
    shown on Stripe's page and in the buyer's bank account. Raise PaymentUnavailable, PaymentRefused, or
    its kinds EmailRefused and KeyUsedBefore.
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
    """Return the session as Stripe knows it now. Raise ObjectNotFound or PaymentUnavailable."""
    return _snapshot(
        call(client().v1.checkout.sessions.retrieve, validated_id(session_id), {"expand": ["payment_intent"]})
    )


def list_sessions(since: datetime) -> Iterator[CheckoutSession]:
    """Yield every session that Stripe has made since then, newest first. Raise PaymentUnavailable."""
    for session in iterate_list(client().v1.checkout.sessions.list, created=created_since(since)):
        yield _snapshot(session)


def expire_session(session_id: str) -> CheckoutSession:
    """End the session and return it, as it is when it was not open any more.

    Raise ObjectNotFound or PaymentUnavailable.
    """
    try:
        return _snapshot(
            call(
                client().v1.checkout.sessions.expire, validated_id(session_id), {"expand": ["payment_intent"]}
            )
        )
    except PaymentRefused:
        return retrieve_session(session_id)


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
