"""Payments, Stripe's events, refunds and disputes."""

from shop.payments.models.disputes import (
    APPEAL,
    CLOSED,
    INQUIRY,
    REASONS,
    UNANSWERED,
    Dispute,
    DisputeQuerySet,
    DisputeState,
)
from shop.payments.models.events import EventState, WebhookEvent
from shop.payments.models.payments import (
    IN_FLIGHT,
    KEPT_APART,
    UNFINISHED,
    Cause,
    Payment,
    PaymentQuerySet,
    PaymentState,
)
from shop.payments.models.refunds import UNDONE, Refund, RefundLine, RefundOrigin, RefundQuerySet, RefundState

__all__ = [
    "APPEAL",
    "CLOSED",
    "INQUIRY",
    "IN_FLIGHT",
    "KEPT_APART",
    "REASONS",
    "UNANSWERED",
    "UNDONE",
    "UNFINISHED",
    "Cause",
    "Dispute",
    "DisputeQuerySet",
    "DisputeState",
    "EventState",
    "Payment",
    "PaymentQuerySet",
    "PaymentState",
    "Refund",
    "RefundLine",
    "RefundOrigin",
    "RefundQuerySet",
    "RefundState",
    "WebhookEvent",
]
