"""Refunds whose webhooks never came, and requests whose answer got lost."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from shop.payments import gateway
from shop.payments.batch import Batch, Step
from shop.payments.models import Cause
from shop.payments.models.refunds import Refund, RefundState
from shop.payments.refund_requests import resolve_request
from shop.payments.settling.refunds import settle_refund, settle_retrieved_refund

# A request that is younger may still be at work in the process that was asked for it.
MIN_REQUEST_AGE = timedelta(minutes=2)
# A bank may send a refund back weeks after it succeeded. https://docs.stripe.com/refunds#failed-refunds
WATCHED_FOR = timedelta(days=30)
# Stripe's clock and ours.
CLOCK_MARGIN = timedelta(days=1)


def reconcile_refunds(since: datetime, batch: Batch) -> int:
    """Resolve requests that got no answer, and settle what Stripe has changed since then and we missed.

    Return how many need a person; what fails or is not answered is counted in `batch`.
    """
    return sum(bool(reason) for reason in batch.stage(_steps(since)))


def _steps(since: datetime) -> Iterator[Step[str]]:
    now = timezone.now()
    for refund in _unanswered(now):
        yield f"refund {refund.pk} of ours", partial(resolve_request, refund)
    # Each once: one that is on its way may take longer than Stripe's recent list reaches back.
    waiting = set(Refund.objects.unfinished().exclude(provider_id=None).values_list("provider_id", flat=True))
    for provider_id in sorted(waiting):
        yield f"refund {provider_id}", partial(_settle_known, provider_id)
    oldest = min(since, now - WATCHED_FOR)
    known = set(
        Refund.objects.filter(created_at__gte=oldest - CLOCK_MARGIN).values_list("provider_id", "state")
    )
    for stripe_refund in gateway.list_refunds(oldest):
        if stripe_refund.id not in waiting and (stripe_refund.id, stripe_refund.status) not in known:
            yield f"refund {stripe_refund.id}", partial(_settle_listed, stripe_refund)


def _unanswered(now: datetime) -> list[Refund]:
    requests = Refund.objects.filter(state=RefundState.REQUESTED, provider_id=None)
    return list(requests.filter(created_at__lt=now - MIN_REQUEST_AGE).select_related("payment__order"))


def _settle_known(provider_id: str) -> str:
    return settle_refund(provider_id, Cause.RECONCILER).reason


def _settle_listed(stripe_refund: gateway.StripeRefund) -> str:
    return settle_retrieved_refund(stripe_refund, Cause.RECONCILER).reason
