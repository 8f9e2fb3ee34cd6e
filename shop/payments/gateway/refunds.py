"""Refunds at Stripe, as plain values."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shop.payments.gateway.client import (
    call,
    client,
    created_since,
    iterate_list,
    payment_intent_fields,
    validated_id,
)

EXPANDED = {"expand": ["payment_intent"]}


@dataclass(frozen=True)
class StripeRefund:
    """What the shop needs to know of a refund at Stripe. Amount in minor units."""

    id: str
    status: str
    amount: int
    currency: str  # upper case
    failure_reason: str
    livemode: bool | None  # a refund does not say; its payment intent does
    charge_id: str
    payment_intent_id: str
    order_code: str  # from our metadata on the payment intent
    payment_id: str  # from our metadata on the payment intent
    refund_id: str  # from our metadata on the refund; empty for one of the dashboard


def create_refund(
    *,
    payment_intent_id: str,
    amount: int,
    order_code: str,
    payment_id: int,
    refund_id: int,
    idempotency_key: UUID,
) -> StripeRefund:
    """Make a refund of this payment and return it; with the same key, return the one made before.

    https://docs.stripe.com/api/refunds/create. Why staff gave the money back stays in the shop.
    Raise PaymentUnavailable or PaymentRefused.
    """
    return _snapshot(
        call(
            client().v1.refunds.create,
            {
                "payment_intent": payment_intent_id,
                "amount": amount,
                "reason": "requested_by_customer",
                "metadata": {"order": order_code, "payment": str(payment_id), "refund": str(refund_id)},
                **EXPANDED,
            },
            {"idempotency_key": f"refund-{idempotency_key}"},
        )
    )


def retrieve_refund(refund_id: str) -> StripeRefund:
    """Return the refund as Stripe knows it now. Raise ObjectNotFound or PaymentUnavailable."""
    return _snapshot(call(client().v1.refunds.retrieve, validated_id(refund_id), EXPANDED))


def list_refunds(since: datetime) -> Iterator[StripeRefund]:
    """Yield every refund that was made since then, newest first. Raise PaymentUnavailable."""
    return _list(created=created_since(since))


def list_refunds_of_charge(charge_id: str) -> Iterator[StripeRefund]:
    """Yield every refund of one charge, newest first. Raise ObjectNotFound or PaymentUnavailable."""
    return _list(charge=validated_id(charge_id))


def list_refunds_of_payment(payment_intent_id: str) -> Iterator[StripeRefund]:
    """Yield every refund of one payment, newest first. Raise ObjectNotFound or PaymentUnavailable."""
    return _list(payment_intent=validated_id(payment_intent_id))


def _list(**conditions: Any) -> Iterator[StripeRefund]:
    for refund in iterate_list(client().v1.refunds.list, **conditions):
        yield _snapshot(refund)


def _snapshot(refund: Any) -> StripeRefund:
    metadata = refund.metadata.to_dict() if refund.metadata else {}
    intent = refund.payment_intent  # its id where it was not asked for
    return StripeRefund(
        id=refund.id,
        status=refund.status or "",
        amount=refund.amount,
        currency=refund.currency.upper(),
        # Stripe leaves the field out of a refund that did not fail.
        failure_reason=getattr(refund, "failure_reason", None) or "",
        livemode=None if intent is None or isinstance(intent, str) else intent.livemode,
        charge_id=refund.charge or "",
        refund_id=metadata.get("refund", ""),
        **payment_intent_fields(intent),
    )
