"""Mends what webhooks missed: attempts that wait, recent sessions, refunds, disputes, events that failed."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from shop.payments import dispute_reconciling, gateway, inbox, refund_reconciling
from shop.payments.models import EventState, Payment, WebhookEvent
from shop.payments.settlement import ENDED, Cause, Outcome, settle_session

logger = logging.getLogger(__name__)
# A younger event may still be at work in the web process that took it.
UNDER_WAY = timedelta(minutes=5)
MOST_EVENTS = 200  # in one run; the next goes on


@dataclass
class Reconciliation:
    """What one run came to: sessions asked about, payments found, and what needs a person."""

    asked: int = 0
    settled: int = 0
    unclear: int = 0


def reconcile(since: datetime) -> Reconciliation:
    """Settles every unfinished attempt, and every session that Stripe has made since then and we missed.

    A session that fails is logged and the others go on. Raises gateway.PaymentUnavailable when Stripe does
    not answer at all; what was settled until then stays.
    """
    result = Reconciliation()
    for session_id in _sessions_to_ask(since):
        result.asked += 1
        try:
            outcome = settle_session(session_id, Cause.RECONCILER).outcome
        except gateway.PaymentUnavailable:
            raise
        # One broken row must not hide the others; staff see it in the log, the next run tries again.
        except Exception:
            logger.exception("Session %s could not be reconciled", session_id)
            result.unclear += 1
            continue
        result.settled += outcome == Outcome.PAID
        result.unclear += outcome in {Outcome.MISMATCH, Outcome.UNKNOWN}
    # After the payments, so that a refund and a dispute find their own.
    result.unclear += refund_reconciling.reconcile_refunds(since)
    result.unclear += dispute_reconciling.reconcile_disputes(since)
    result.unclear += _handle_events_again(since)
    return result


def _handle_events_again(since: datetime) -> int:
    """Handles what failed or was cut off, whether Stripe sends it again or not; how many still fail."""
    left_alone = WebhookEvent.objects.filter(
        state__in=[EventState.RECEIVED, EventState.FAILED],
        received_at__range=(since, timezone.now() - UNDER_WAY),
    )
    ids = list(left_alone.order_by("pk").values_list("pk", flat=True)[:MOST_EVENTS])
    return sum(inbox.handle(event_id).state == EventState.FAILED for event_id in ids)


def _sessions_to_ask(since: datetime) -> Iterator[str]:
    waiting = list(
        Payment.objects.unfinished()
        .exclude(session_id=None)
        .order_by("pk")
        .values_list("session_id", flat=True)
    )
    yield from waiting
    yield from _missed(gateway.list_sessions(since), known=set(waiting))


def _missed(sessions: Iterable[gateway.CheckoutSession], known: set[str]) -> Iterator[str]:
    """Sessions that are paid at Stripe and not here: the answer to their creation was lost."""
    for session in sessions:
        if session.id in known or session.payment_status != "paid" or not session.payment_id.isdecimal():
            continue
        if not Payment.objects.filter(session_id=session.id, state__in=ENDED).exists():
            yield session.id
