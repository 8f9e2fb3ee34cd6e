"""What must add up after the storm: the books, by the shop's own audit, and what only the end of it can show.

Each check yields a sentence for everything that does not.
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

# What the sender sees when the mail server goes away after it accepted the mail and before it said so.
LOST_REPLIES = ("SMTPServerDisconnected", "TimeoutError", "ConnectionResetError", "BrokenPipeError")


@dataclass(frozen=True)
class Evidence:
    """What the others know: the provider's books, and the Message-IDs that the mail server accepted."""

    books: dict
    accepted_message_ids: list[str]


def findings(evidence: Evidence) -> list[str]:
    """Return a sentence for everything that does not add up; an empty list is the wish."""
    checks: Iterable[Iterator[str]] = (
        books_that_do_not_add_up(),
        repeated_orders(),
        missing_notices(),
        unsent_mails(evidence.accepted_message_ids),
        repeated_mails(evidence.accepted_message_ids),
        unhandled_events(),
    )
    return [finding for check in checks for finding in check]


def books_that_do_not_add_up() -> Iterator[str]:
    """Yield what the shop's own audit finds, with the provider's lists up to this moment."""
    output, errors = StringIO(), StringIO()
    try:
        call_command("audit_books", "--grace", "0", "--json", stdout=output, stderr=errors)
    except SystemExit:
        for row in json.loads(output.getvalue()):
            yield f"{row['rule']}: {row['subject']}: {row['what']}"
        yield from errors.getvalue().splitlines()


def repeated_orders() -> Iterator[str]:
    """Yield second orders of a form that was sent again: each basket's buyer has an address of its own."""
    for row in Order.objects.values("email").annotate(times=Count("pk")).filter(times__gt=1).order_by():
        yield f"{row['email']}: {row['times']} orders from one basket"


def missing_notices() -> Iterator[str]:
    """Yield paid orders without exactly one mail to staff."""
    rows = Counter(OutboxMail.objects.filter(kind="new_order").values_list("reference", flat=True))
    for order in Order.objects.exclude(paid_at=None):
        if rows[order.reference] != 1:
            yield f"order {order.code}: {rows[order.reference]} mails “new_order” instead of one"


def unsent_mails(accepted_message_ids: list[str]) -> Iterator[str]:
    """Yield mails that are not recorded as sent or did not reach the mail server, and any others that did."""
    accepted = set(accepted_message_ids)
    for mail in OutboxMail.objects.all():
        if mail.state != MailState.SENT:
            yield f"mail {mail.pk} ({mail.kind}): {mail.state}"
        if mail.message_id not in accepted:
            yield f"mail {mail.pk} ({mail.kind}): the mail server never took it"
    for message_id in accepted - set(OutboxMail.objects.values_list("message_id", flat=True)):
        yield f"{message_id}: the mail server took it, the outbox does not know it"


def repeated_mails(accepted_message_ids: list[str]) -> Iterator[str]:
    """Yield mails that left twice, unless the outcome of an earlier attempt could not be recorded.

    That is the documented case: the worker died, or the database or the mail server went away, between the
    mail server's accepting it and the worker's recording that.
    """
    accepted = Counter(accepted_message_ids)
    repeated = [message_id for message_id, times in accepted.items() if times > 1]
    for mail in OutboxMail.objects.filter(message_id__in=repeated).prefetch_related("attempts"):
        attempts = list(mail.attempts.all())
        excused = sum(
            attempt.succeeded is None or (not attempt.succeeded and attempt.error.startswith(LOST_REPLIES))
            for attempt in attempts
        )
        recorded = sum(bool(attempt.succeeded) for attempt in attempts)
        if recorded > 1 or accepted[mail.message_id] > recorded + excused:
            yield f"mail {mail.pk} ({mail.kind}): taken {accepted[mail.message_id]} times without an excuse"


def unhandled_events() -> Iterator[str]:
    """Yield events that were left unhandled or are about a payment that the shop does not know."""
    left = [EventState.RECEIVED, EventState.FAILED, EventState.SET_ASIDE]
    for event in WebhookEvent.objects.filter(state__in=left):
        yield f"event {event.event_id} ({event.kind}): {event.state} {event.reason}"
