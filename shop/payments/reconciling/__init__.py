"""Settle what webhooks missed: attempts that wait, recent sessions, refunds, disputes, events that failed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from shop.payments import gateway, inbox
from shop.payments.batch import Batch, Step
from shop.payments.models import Cause, EventState, Payment, WebhookEvent
from shop.payments.reconciling import disputes, refunds
from shop.payments.settling.sessions import ENDED, Outcome, Settlement, settle_session

# A younger event may still be at work in the web process that took it.
MIN_EVENT_AGE = timedelta(minutes=5)
MAX_EVENTS = 200  # in one batch; the next goes on


@dataclass
class Reconciliation:
    """The counts of one reconciliation: sessions asked about, payments found, and what needs a person."""

    asked: int = 0
    settled: int = 0
    unclear: int = 0


def reconcile(since: datetime) -> Reconciliation:
    """Settle every unfinished attempt, and what Stripe has made since then and we missed. Return the counts.

    What fails is logged and the rest goes on (see batch). Raise gateway.PaymentUnavailable at the end when
    Stripe gave no answer about something; what was settled stays.
    """
    batch = Batch()
    result = Reconciliation()
    for settlement in batch.stage(_sessions(since)):
        result.settled += settlement.outcome == Outcome.PAID
        result.unclear += settlement.outcome in {Outcome.MISMATCH, Outcome.UNKNOWN}
    result.asked = batch.started
    # After the payments, so that a refund and a dispute find their own.
    result.unclear += refunds.reconcile_refunds(since, batch)
    result.unclear += disputes.reconcile_disputes(since, batch)
    result.unclear += sum(event.state == EventState.FAILED for event in batch.stage(_events(since)))
    result.unclear += batch.failed
    batch.raise_if_unanswered()
    return result


def _events(since: datetime) -> Iterator[Step[WebhookEvent]]:
    """Handle again what failed or was cut off, whether Stripe sends it again or not."""
    unhandled = WebhookEvent.objects.filter(
        state__in=[EventState.RECEIVED, EventState.FAILED],
        received_at__range=(since, timezone.now() - MIN_EVENT_AGE),
    )
    ids = list(unhandled.order_by("pk").values_list("pk", flat=True)[:MAX_EVENTS])
    for event_id in ids:
        yield f"event {event_id}", partial(inbox.handle_again, event_id)


def _sessions(since: datetime) -> Iterator[Step[Settlement]]:
    for session_id in _sessions_to_ask(since):
        yield f"session {session_id}", partial(settle_session, session_id, Cause.RECONCILER)


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
    """Yield the sessions that are paid at Stripe and not here: the answer to their creation was lost."""
    for session in sessions:
        if session.id in known or session.payment_status != "paid" or not session.payment_id.isdecimal():
            continue
        if not Payment.objects.filter(session_id=session.id, state__in=ENDED).exists():
            yield session.id
