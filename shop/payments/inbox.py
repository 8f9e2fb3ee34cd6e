"""Stripe's events: kept before they are handled, handled at most once with effect, never lost.

An event is only a hint that something happened. What is true is asked from Stripe (see settlement), so the
order in which events come, and how often, does not matter.
"""

import logging
import traceback

from django.utils import timezone

from shop.payments import attention, gateway
from shop.payments.models import EventState, WebhookEvent
from shop.payments.settlement import Outcome, settle_session

logger = logging.getLogger(__name__)

SESSION_KINDS = frozenset(
    {
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
    }
)
# Ids, amounts and states; no name, e-mail or address is kept.
KEPT_FIELDS = (
    "id",
    "object",
    "status",
    "payment_status",
    "amount",
    "amount_total",
    "currency",
    "livemode",
    "client_reference_id",
    "payment_intent",
    "metadata",
    "created",
    "expires_at",
)


def keep(event: dict) -> WebhookEvent:
    """The event's row, made on its first arrival, without personal data."""
    about = event["data"]["object"]
    row, _created = WebhookEvent.objects.get_or_create(
        event_id=event["id"],
        defaults={
            "kind": event["type"],
            "object_id": about.get("id") or "",
            "livemode": event["livemode"],
            "payload": {
                "api_version": event.get("api_version"),
                "created": event.get("created"),
                "object": {name: about[name] for name in KEPT_FIELDS if name in about},
            },
        },
    )
    return row


def handle(event_pk: int) -> WebhookEvent:
    """The event's row after it was handled. Never raises: a failure is kept with its traceback.

    One that was handled before is left alone; one that failed or was set aside is handled again.
    """
    event = WebhookEvent.objects.get(pk=event_pk)
    if event.state in {EventState.HANDLED, EventState.IGNORED}:
        return event
    try:
        state, reason = _outcome_of(event)
    # Whatever goes wrong, Stripe must send it again and staff must see why.
    except Exception as error:
        logger.exception("Stripe event %s could not be handled", event.event_id)
        return _record(event, EventState.FAILED, f"{type(error).__name__}: {error}", traceback.format_exc())
    event = _record(event, state, reason)
    if state == EventState.SET_ASIDE:
        attention.tell_staff_of_event(event)
    return event


def _outcome_of(event: WebhookEvent) -> tuple[EventState, str]:
    if event.livemode != gateway.is_live():
        return EventState.SET_ASIDE, "It comes from Stripe's other mode (live or test)"
    if event.kind not in SESSION_KINDS:
        return EventState.IGNORED, ""
    settlement = settle_session(event.object_id, "webhook")
    if settlement.outcome in {Outcome.UNKNOWN, Outcome.MISMATCH}:
        return EventState.SET_ASIDE, settlement.reason
    return EventState.HANDLED, ""


def _record(event: WebhookEvent, state: EventState, reason: str, trace: str = "") -> WebhookEvent:
    event.state, event.reason, event.traceback = state, reason[:250], trace
    event.handled_at = timezone.now()
    event.save(update_fields=["state", "reason", "traceback", "handled_at"])
    return event
