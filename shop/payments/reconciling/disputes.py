"""Disputes and fraud warnings whose webhooks never came."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from shop.orders.models import Hold, HoldKind
from shop.payments import gateway
from shop.payments.batch import Batch, Step
from shop.payments.models import Cause
from shop.payments.models.disputes import Dispute
from shop.payments.settling.disputes import DisputeSettlement, settle_dispute, settle_fraud_warning

# Stripe gives the money of a won dispute back soon after; what it has not returned by then it will not.
REINSTATED_WITHIN = timedelta(days=90)


def reconcile_disputes(since: datetime, batch: Batch) -> int:
    """Settle every undecided dispute, and what Stripe has opened since then and we missed.

    Return how many need a person; what fails or is not answered is counted in `batch`.
    """
    # Two stages: a key may be allowed to read disputes and not Radar.
    return sum(
        bool(settlement.reason)
        for stage in (_disputes(since), _warnings(since))
        for settlement in batch.stage(stage)
    )


def _disputes(since: datetime) -> Iterator[Step[DisputeSettlement]]:
    for dispute_id in _disputes_to_ask(since):
        yield f"dispute {dispute_id}", partial(settle_dispute, dispute_id, Cause.RECONCILER)


def _warnings(since: datetime) -> Iterator[Step[DisputeSettlement]]:
    for warning_id in _missed_warnings(since):
        yield f"fraud warning {warning_id}", partial(settle_fraud_warning, warning_id, Cause.RECONCILER)


def _disputes_to_ask(since: datetime) -> Iterator[str]:
    """Yield each once. A bank decides weeks after a dispute was opened, when no recent list has it."""
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
