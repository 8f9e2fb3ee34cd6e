"""Stripe's events: kept before they are handled, handled at most once with effect, never lost.

An event is only a hint that something happened. What is true is asked from Stripe (see settling), so the
order in which events come, and how often, does not matter. One that could not be handled has a case, which is
resolved when the event is handled after all.
"""

import logging
import traceback
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.cases.actions import open_case, resolve_all
from shop.cases.models import Case, CaseKind
from shop.payments import gateway, staff_alerts
from shop.payments.event_schema import MalformedEvent, read_event
from shop.payments.models import Cause, EventState, WebhookEvent
from shop.payments.settling import disputes, refunds
from shop.payments.settling.sessions import Outcome, settle_session
from shop.references import STRIPE_OBJECTS, ReferenceKind, build_reference

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
CASE_KINDS = (CaseKind.FAILED_EVENT, CaseKind.UNKNOWN_PAYMENT, CaseKind.PAYMENT_MISMATCH)


def keep(text: str) -> WebhookEvent:
    """Store the event of this signed text on its first arrival, without personal data, and return its row.

    A text that is no event is stored too, under its own digest, so that staff see that something came.
    """
    try:
        event = read_event(text)
    except MalformedEvent as error:
        values: dict[str, Any] = {
            "kind": MALFORMED,
            "livemode": gateway.is_live(),
            "payload": {"faults": error.faults},
        }
        event_id = f"{MALFORMED}-{sha256(text.encode()).hexdigest()[:40]}"
    else:
        values = {"kind": event.type, "object_id": event.data.object.id or "", "livemode": event.livemode}
        values["payload"] = event.without_personal_data()
        event_id = event.id
    row, _created = WebhookEvent.objects.get_or_create(event_id=event_id, defaults=values)
    return row


def handle(event_pk: int) -> WebhookEvent:
    """Handle the event and return its row. Raise nothing: a failure is stored with its traceback.

    One that was handled before is left alone; one that failed or was set aside is handled again.
    """
    try:
        return handle_again(event_pk)
    except gateway.PaymentUnavailable:
        return WebhookEvent.objects.get(pk=event_pk)


def handle_again(event_pk: int) -> WebhookEvent:
    """Do the same in a batch of many events.

    Raise gateway.PaymentUnavailable, with the failure stored, so that a Stripe that is down is not asked on.
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
        # The settlement has alerted staff, with the order.
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
        _open_case(event, case, reason)
        staff_alerts.alert_staff_about_event(event)
    return event


@transaction.atomic
def _fail(event: WebhookEvent, error: Exception) -> WebhookEvent:
    event = _record(event, EventState.FAILED, f"{type(error).__name__}: {error}", traceback.format_exc())
    if event.state == EventState.FAILED:
        # An error's message may quote a row, so only its name is kept.
        reason = _(
            "A payment message could not be handled (%(error)s). Stripe sends it again for three days."
        ) % {"error": type(error).__name__}
        open_case(CaseKind.FAILED_EVENT, reference=_reference(event), reason=reason, data=_case_data(event))
    return event


@transaction.atomic
def _record(event: WebhookEvent, state: EventState, reason: str, trace: str = "") -> WebhookEvent:
    # The same event may be at work twice; a failure of one must not hide that the other has handled it.
    WebhookEvent.objects.filter(pk=event.pk).exclude(state__in=DONE).update(
        state=state, reason=reason[:250], traceback=trace, handled_at=timezone.now()
    )
    event.refresh_from_db()
    if event.state in DONE:
        _resolve_cases(event)
    return event


def _open_case(event: WebhookEvent, kind: CaseKind, reason: str) -> None:
    """Open the event's case, unless there is one about the very dispute or refund that the event is about."""
    others = [build_reference(each, event.object_id) for each in STRIPE_OBJECTS]
    about = Q(reference__in=others) | Q(occasion__in=others) | Q(data__charge=event.object_id)
    if not Case.objects.unsolved().filter(about).exists():
        open_case(kind, reference=_reference(event), reason=reason, data=_case_data(event))


def _resolve_cases(event: WebhookEvent) -> None:
    """Resolve what was opened for the event, in the transaction that says that it is done."""
    resolve_all(*CASE_KINDS, reference=_reference(event), outcome=_("The payment message was handled"))


def _reference(event: WebhookEvent) -> str:
    return build_reference(ReferenceKind.EVENT, event.pk)


def _case_data(event: WebhookEvent) -> dict:
    return {"event": event.event_id, "kind": event.kind, "object": event.object_id}
