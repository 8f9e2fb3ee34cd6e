"""Disputes and early fraud warnings at Stripe, as plain values."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import stripe

from shop.payments.gateway.client import (
    call,
    client,
    created_since,
    iterate_list,
    payment_intent_fields,
    validated_id,
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
    balance_change: int | None  # what it brought to (or, below zero, took from) the balance; None: not said


@dataclass(frozen=True)
class FraudWarning:
    """A card network's suspicion about a payment, before any dispute."""

    id: str
    livemode: bool
    payment_intent_id: str
    order_code: str
    payment_id: str


def retrieve_dispute(dispute_id: str) -> StripeDispute:
    """Return the dispute as Stripe knows it now. Raise ObjectNotFound or PaymentUnavailable."""
    return _dispute_snapshot(
        call(client().v1.disputes.retrieve, validated_id(dispute_id), {"expand": ["payment_intent"]})
    )


def list_disputes(since: datetime) -> Iterator[StripeDispute]:
    """Yield every dispute that was opened since then, newest first. Raise PaymentUnavailable."""
    for dispute in iterate_list(client().v1.disputes.list, created=created_since(since)):
        yield _dispute_snapshot(dispute)


def list_disputes_of_payment(payment_intent_id: str) -> Iterator[StripeDispute]:
    """Yield every dispute about one payment, newest first. Raise ObjectNotFound or PaymentUnavailable."""
    for dispute in iterate_list(client().v1.disputes.list, payment_intent=payment_intent_id):
        yield _dispute_snapshot(dispute)


def retrieve_fraud_warning(warning_id: str) -> FraudWarning:
    """Return the warning as Stripe knows it now. Raise ObjectNotFound or PaymentUnavailable."""
    warnings = client().v1.radar.early_fraud_warnings
    return _warning_snapshot(
        call(warnings.retrieve, validated_id(warning_id), {"expand": ["payment_intent"]})
    )


def list_fraud_warnings(since: datetime) -> Iterator[FraudWarning]:
    """Yield every early fraud warning since then, newest first. Raise PaymentUnavailable."""
    for warning in iterate_list(client().v1.radar.early_fraud_warnings.list, created=created_since(since)):
        yield _warning_snapshot(warning)


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
        balance_change=sum(movement.amount for movement in movements) if movements else None,
        **payment_intent_fields(dispute.payment_intent),
    )


def _warning_snapshot(warning: stripe.radar.EarlyFraudWarning) -> FraudWarning:
    return FraudWarning(
        id=warning.id, livemode=warning.livemode, **payment_intent_fields(warning.payment_intent)
    )
