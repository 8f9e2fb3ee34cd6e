"""Refunds at Stripe, as plain values. Like everything of the gateway, outside database transactions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shop.payments.gateway.client import call, client, every_page, intent_facts, known_form

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
    """A new refund of this payment, or with the same key the one made before.

    https://docs.stripe.com/api/refunds/create. Why staff gave the money back stays in the shop.
    Raises PaymentUnavailable and PaymentRefused.
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
    """The refund as Stripe knows it now. Raises ObjectNotFound (for it too) and PaymentUnavailable."""
    return _snapshot(call(client().v1.refunds.retrieve, known_form(refund_id), EXPANDED))


def list_refunds(since: datetime) -> Iterator[StripeRefund]:
    """Every refund that was made since then, newest first. Raises PaymentUnavailable."""
    return _listed(created={"gte": int(since.timestamp())})


def list_refunds_of_charge(charge_id: str) -> Iterator[StripeRefund]:
    """Every refund of one charge, newest first. Raises ObjectNotFound and PaymentUnavailable."""
    return _listed(charge=known_form(charge_id))


def list_refunds_of_payment(payment_intent_id: str) -> Iterator[StripeRefund]:
    """Every refund of one payment, newest first. Raises ObjectNotFound and PaymentUnavailable."""
    return _listed(payment_intent=known_form(payment_intent_id))


def _listed(**conditions: Any) -> Iterator[StripeRefund]:
    for refund in every_page(client().v1.refunds.list, **conditions):
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
        **intent_facts(intent),
    )
