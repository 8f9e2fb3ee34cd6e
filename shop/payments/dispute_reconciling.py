"""Finds disputes and fraud warnings whose webhooks never came."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from shop.orders.models import Hold, HoldKind
from shop.payments import gateway
from shop.payments.dispute_models import Dispute
from shop.payments.disputes import DisputeSettlement, settle_dispute, settle_fraud_warning
from shop.payments.settlement import Cause

logger = logging.getLogger(__name__)

# Stripe gives the money of a won dispute back soon after; what it has not returned by then it will not.
REINSTATED_WITHIN = timedelta(days=90)


def reconcile_disputes(since: datetime) -> int:
    """Settles every undecided dispute, and what Stripe has opened since then and we missed.

    Gives how many need a person. One that fails is logged and the others go on. Raises
    gateway.PaymentUnavailable when Stripe does not answer at all.
    """
    unclear = sum(not _is_clear(settle_dispute, dispute_id) for dispute_id in _disputes_to_ask(since))
    return unclear + sum(
        not _is_clear(settle_fraud_warning, warning_id) for warning_id in _missed_warnings(since)
    )


def _is_clear(settle: Callable[[str, str], DisputeSettlement], identifier: str) -> bool:
    try:
        return not settle(identifier, Cause.RECONCILER).reason
    except gateway.PaymentUnavailable:
        raise
    # One broken row must not hide the others; staff see it in the log, the next run tries again.
    except Exception:
        logger.exception("%s could not be reconciled", identifier)
        return False


def _disputes_to_ask(since: datetime) -> Iterator[str]:
    """Each once: a bank decides weeks after a dispute was opened, long after it left Stripe's recent list."""
    undecided = Dispute.objects.undecided()
    watched = undecided | Dispute.objects.not_reinstated(timezone.now() - REINSTATED_WITHIN)
    known = list(watched.order_by("pk").values_list("provider_id", flat=True))
    yield from known
    for dispute in gateway.list_disputes(since):
        if dispute.id not in known and not _is_known(dispute):
            yield dispute.id


def _is_known(dispute: gateway.StripeDispute) -> bool:
    same = Dispute.objects.filter(provider_id=dispute.id, state=dispute.status)
    return same.exclude(payment=None).exists()


def _missed_warnings(since: datetime) -> Iterator[str]:
    for warning in gateway.list_fraud_warnings(since):
        if not Hold.objects.filter(kind=HoldKind.FRAUD_WARNING, occasion=warning.id).exists():
            yield warning.id
