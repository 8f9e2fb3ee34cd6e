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
    NOTICED,
    UNFINISHED,
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
    "NOTICED",
    "REASONS",
    "UNANSWERED",
    "UNDONE",
    "UNFINISHED",
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
