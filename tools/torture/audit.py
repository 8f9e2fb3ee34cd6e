"""What must add up after the storm: the books, by the shop's own audit, and what only the end of it can show.

Each check gives a sentence for everything that does not.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO

from django.core.management import call_command
from django.db.models import Count

from shop.mail.models import MailState, OutboxMail
from shop.orders.models import Order
from shop.payments.models import EventState, WebhookEvent

# What the sender sees when the mail server goes away after it took the mail and before it said so.
LOST_ANSWERS = ("SMTPServerDisconnected", "TimeoutError", "ConnectionResetError", "BrokenPipeError")


@dataclass(frozen=True)
class Evidence:
    """What the others know: the provider's books, and the Message-IDs that the mail server took."""

    books: dict
    taken_message_ids: list[str]


def findings(evidence: Evidence) -> list[str]:
    """Everything that does not add up, in words; an empty list is the wish."""
    checks: Iterable[Iterator[str]] = (
        books_that_do_not_add_up(),
        repeated_orders(),
        missing_notices(),
        unsent_mails(evidence.taken_message_ids),
        repeated_mails(evidence.taken_message_ids),
        unhandled_events(),
    )
    return [finding for check in checks for finding in check]


def books_that_do_not_add_up() -> Iterator[str]:
    """What the shop's own audit says, with the provider's lists up to this moment."""
    said, complaints = StringIO(), StringIO()
    try:
        call_command("audit_books", "--grace", "0", "--json", stdout=said, stderr=complaints)
    except SystemExit:
        for row in json.loads(said.getvalue()):
            yield f"{row['rule']}: {row['subject']}: {row['what']}"
        yield from complaints.getvalue().splitlines()


def repeated_orders() -> Iterator[str]:
    """A form that was sent again made no second order: each basket's buyer has an address of its own."""
    for row in Order.objects.values("email").annotate(times=Count("pk")).filter(times__gt=1).order_by():
        yield f"{row['email']}: {row['times']} orders from one basket"


def missing_notices() -> Iterator[str]:
    """The staff were told of each order that was paid, once."""
    rows = Counter(OutboxMail.objects.filter(kind="new_order").values_list("reference", flat=True))
    for order in Order.objects.exclude(paid_at=None):
        if rows[order.reference] != 1:
            yield f"order {order.code}: {rows[order.reference]} mails “new_order” instead of one"


def unsent_mails(taken_message_ids: list[str]) -> Iterator[str]:
    """Every mail is recorded as sent, and the mail server has it; it has no other."""
    taken = set(taken_message_ids)
    for mail in OutboxMail.objects.all():
        if mail.state != MailState.SENT:
            yield f"mail {mail.pk} ({mail.kind}): {mail.state}"
        if mail.message_id not in taken:
            yield f"mail {mail.pk} ({mail.kind}): the mail server never took it"
    for message_id in taken - set(OutboxMail.objects.values_list("message_id", flat=True)):
        yield f"{message_id}: the mail server took it, the outbox does not know it"


def repeated_mails(taken_message_ids: list[str]) -> Iterator[str]:
    """A mail left twice only where the outcome of an earlier attempt could not be recorded.

    This is the documented case: the worker died, or the database or the mail server went away, between the
    mail server's taking it and the worker's writing that down.
    """
    taken = Counter(taken_message_ids)
    repeated = [message_id for message_id, times in taken.items() if times > 1]
    for mail in OutboxMail.objects.filter(message_id__in=repeated).prefetch_related("attempts"):
        attempts = list(mail.attempts.all())
        excused = sum(
            attempt.succeeded is None or (not attempt.succeeded and attempt.error.startswith(LOST_ANSWERS))
            for attempt in attempts
        )
        recorded = sum(bool(attempt.succeeded) for attempt in attempts)
        if recorded > 1 or taken[mail.message_id] > recorded + excused:
            yield f"mail {mail.pk} ({mail.kind}): taken {taken[mail.message_id]} times without an excuse"


def unhandled_events() -> Iterator[str]:
    """No event was left unhandled, and none was about a payment that the shop does not know."""
    left = [EventState.RECEIVED, EventState.FAILED, EventState.SET_ASIDE]
    for event in WebhookEvent.objects.filter(state__in=left):
        yield f"event {event.event_id} ({event.kind}): {event.state} {event.reason}"
