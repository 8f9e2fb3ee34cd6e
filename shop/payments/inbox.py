"""Stripe's events: kept before they are handled, handled at most once with effect, never lost.

An event is only a hint that something happened. What is true is asked from Stripe (see settlement), so the
order in which events come, and how often, does not matter.
"""

import logging
import traceback
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.cases.models import CaseKind
from shop.payments import event_cases, gateway, staff_alerts
from shop.payments.event_form import MalformedEvent, read_event
from shop.payments.models import Cause, EventState, WebhookEvent
from shop.payments.settling import disputes, refunds
from shop.payments.settling.sessions import Outcome, settle_session

logger = logging.getLogger(__name__)

MONEY_KINDS = frozenset({"checkout.session.completed", "checkout.session.async_payment_succeeded"})
SESSION_KINDS = MONEY_KINDS | {"checkout.session.async_payment_failed", "checkout.session.expired"}
DISPUTE_KINDS = frozenset(
    {
        "charge.dispute.created",
        "charge.dispute.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
        disputes.WARNING_KIND,
    }
)
MALFORMED = "malformed"  # no kind of Stripe's
DONE = frozenset({EventState.HANDLED, EventState.IGNORED})


def keep(text: str) -> WebhookEvent:
    """The row of the event that this signed text tells of, made on its first arrival, without personal data.

    A text of another form is kept too, under its own digest, so that staff see that something came.
    """
    try:
        told = read_event(text)
    except MalformedEvent as error:
        values: dict[str, Any] = {
            "kind": MALFORMED,
            "livemode": gateway.is_live(),
            "payload": {"faults": error.faults},
        }
        event_id = f"{MALFORMED}-{sha256(text.encode()).hexdigest()[:40]}"
    else:
        values = {"kind": told.type, "object_id": told.data.object.id or "", "livemode": told.livemode}
        values["payload"] = told.without_personal_data()
        event_id = told.id
    row, _created = WebhookEvent.objects.get_or_create(event_id=event_id, defaults=values)
    return row


def handle(event_pk: int) -> WebhookEvent:
    """The event's row after it was handled. Never raises: a failure is kept with its traceback.

    One that was handled before is left alone; one that failed or was set aside is handled again.
    """
    try:
        return handle_again(event_pk)
    except gateway.PaymentUnavailable:
        return WebhookEvent.objects.get(pk=event_pk)


def handle_again(event_pk: int) -> WebhookEvent:
    """The same, for a run over many events.

    Raises gateway.PaymentUnavailable, with the failure kept, so that a Stripe that is down is not asked on.
    """
    event = WebhookEvent.objects.get(pk=event_pk)
    if event.state in DONE:
        return event
    try:
        return _handle(event)
    # Whatever goes wrong, Stripe must send it again and staff must see why.
    except Exception as error:
        logger.exception("Stripe event %s could not be handled", event.event_id)
        failed = _fail(event, error)
        if isinstance(error, gateway.PaymentUnavailable) and failed.state == EventState.FAILED:
            raise
        return failed


def _handle(event: WebhookEvent) -> WebhookEvent:
    if event.livemode != gateway.is_live():
        reason = _("It comes from Stripe's other mode (live or test)")
        return _set_aside(event, reason, CaseKind.PAYMENT_MISMATCH)
    handler = HANDLERS.get(event.kind)
    return handler(event) if handler else _record(event, EventState.IGNORED, "")


def _handle_session(event: WebhookEvent) -> WebhookEvent:
    settlement = settle_session(event.object_id, Cause.WEBHOOK)
    if settlement.outcome == Outcome.MISMATCH:
        # The settlement has told staff, with the order.
        return _record(event, EventState.SET_ASIDE, settlement.reason)
    if settlement.outcome == Outcome.UNKNOWN:
        if event.kind in MONEY_KINDS:
            return _set_aside(event, settlement.reason, CaseKind.UNKNOWN_PAYMENT)
        return _record(event, EventState.IGNORED, settlement.reason)
    return _record(event, EventState.HANDLED, "")


def _handle_malformed(event: WebhookEvent) -> WebhookEvent:
    reason = _("Stripe signed a message of another form than it documents (%(faults)s)")
    return _set_aside(event, reason % {"faults": ", ".join(event.payload["faults"])})


def _handle_dispute(event: WebhookEvent) -> WebhookEvent:
    reason = disputes.handle_dispute_event(event)
    return _set_aside(event, reason) if reason else _record(event, EventState.HANDLED, "")


def _handle_refund(event: WebhookEvent) -> WebhookEvent:
    reason = refunds.handle_refund_event(event)
    return _set_aside(event, reason) if reason else _record(event, EventState.HANDLED, "")


# What is done with each kind of event; a kind that is not named here is not used.
HANDLERS: dict[str, Callable[[WebhookEvent], WebhookEvent]] = {
    **dict.fromkeys(SESSION_KINDS, _handle_session),
    **dict.fromkeys(DISPUTE_KINDS, _handle_dispute),
    **dict.fromkeys(refunds.EVENT_KINDS, _handle_refund),
    MALFORMED: _handle_malformed,
}


@transaction.atomic
def _set_aside(event: WebhookEvent, reason: str, case: CaseKind = CaseKind.FAILED_EVENT) -> WebhookEvent:
    event = _record(event, EventState.SET_ASIDE, reason)
    if event.state == EventState.SET_ASIDE:
        event_cases.open_for(event, case, reason)
        staff_alerts.alert_staff_about_event(event)
    return event


@transaction.atomic
def _fail(event: WebhookEvent, error: Exception) -> WebhookEvent:
    event = _record(event, EventState.FAILED, f"{type(error).__name__}: {error}", traceback.format_exc())
    if event.state == EventState.FAILED:
        event_cases.open_for_failure(event, error)
    return event


@transaction.atomic
def _record(event: WebhookEvent, state: EventState, reason: str, trace: str = "") -> WebhookEvent:
    # The same event may be at work twice; a failure of one must not hide that the other has handled it.
    WebhookEvent.objects.filter(pk=event.pk).exclude(state__in=DONE).update(
        state=state, reason=reason[:250], traceback=trace, handled_at=timezone.now()
    )
    event.refresh_from_db()
    if event.state in DONE:
        event_cases.end_for(event)
    return event
