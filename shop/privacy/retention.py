"""How long each kind of data is kept: one rule a row, applied every day by beat.

docs/data-protection.md shows the same rules (`table`); a test compares them. The accounts have no rule:
amounts, payments and tax stay, without anybody's name.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from shop.cases.models import Case, CaseState
from shop.checkout.models import Basket
from shop.mail.models import MailAttempt, MailState, OutboxMail
from shop.orders.models import Hold, HoldKind, Order, OrderNote, OrderStatus
from shop.orders.timeline import TimelineKind
from shop.payments.models import DisputeState, PaymentState, Refund, WebhookEvent
from shop.privacy.erasers import ERASED
from shop.privacy.erasure import ErasureCause, ErasureRefused, erase_order
from shop.references import ReferenceKind, name_expression, reference_expression, reference_prefix

logger = logging.getLogger(__name__)

# A run must end within the time that a task may take; the next day goes on where it stopped.
ORDERS_PER_RUN = 200
ROWS_PER_RUN = 5000
UNSENT = (MailState.QUEUED, MailState.SENDING)


@dataclass(frozen=True)
class Rule:
    """What goes after the days of a setting. `remove(oldest)` takes out what is older and gives how many."""

    name: str
    what: str
    days_setting: str
    remove: Callable[[datetime], int]

    @property
    def days(self) -> int:
        return getattr(settings, self.days_setting)


def apply_rules(now: datetime) -> dict[str, int]:
    """Apply every rule, whatever happens to another; return how many rows each took out, by its name."""
    removed = {}
    for rule in RULES:
        try:
            removed[rule.name] = rule.remove(now - timedelta(days=rule.days))
        # The other kinds of data must not outstay their time because of one.
        except Exception:
            logger.exception("The retention rule %s failed", rule.name)
    return removed


def table() -> str:
    """Return the rules as the table in docs/data-protection.md."""
    rows = [f"| {rule.name} | {rule.what} | {rule.days} days | `{rule.days_setting}` |" for rule in RULES]
    return "\n".join(["| Rule | What goes | After | Setting |", "| --- | --- | --- | --- |", *rows])


def _erase_cancelled_orders(oldest: datetime) -> int:
    unpaid = _cancelled_before(oldest).exclude(payments__state=PaymentState.SUCCEEDED)
    return _erase(unpaid)


def _erase_old_orders(oldest: datetime) -> int:
    cancelled = _cancelled_before(oldest).filter(payments__state=PaymentState.SUCCEEDED)
    dispatched = (
        Order.objects.filter(status=OrderStatus.DISPATCHED)
        .annotate(last_parcel_at=Max("shipments__dispatched_at"))
        .filter(last_parcel_at__lt=oldest)
    )
    given_back = Order.objects.filter(
        status=OrderStatus.PAID,
        pk__in=Hold.objects.standing()
        .filter(kind=HoldKind.REFUNDED, placed_at__lt=oldest)
        .values("order_id"),
    )
    lost_at = Max("payments__disputes__closed_at", filter=Q(payments__disputes__state=DisputeState.LOST))
    lost = Order.objects.filter(status=OrderStatus.PAID).annotate(lost_at=lost_at).filter(lost_at__lt=oldest)
    ends = (cancelled, dispatched, given_back, lost)
    finished = Q(*(("pk__in", orders.values("pk")) for orders in ends), _connector=Q.OR)
    return _erase(Order.objects.filter(finished))


def _cancelled_before(oldest: datetime) -> QuerySet[Order]:
    return Order.objects.filter(
        status=OrderStatus.CANCELLED,
        pk__in=Order.objects.filter(
            timeline__kind=TimelineKind.CANCELLED, timeline__created_at__lt=oldest
        ).values("pk"),
    )


def _erase_again(oldest: datetime) -> int:
    """Return what was added to erased orders: notes, why money was given back, how cases ended."""
    notes = OrderNote.objects.filter(created_at__lt=oldest).exclude(text=ERASED)
    refunds = Refund.objects.filter(created_at__lt=oldest).exclude(reason__in=["", ERASED])
    ended = Case.objects.filter(
        state=CaseState.CLOSED,
        closed_at__lt=oldest,
        reference__startswith=reference_prefix(ReferenceKind.ORDER),
    )
    codes = ended.exclude(outcome__in=["", ERASED]).values(
        order_code=name_expression(ReferenceKind.ORDER, "reference")
    )
    return _erase_each(
        Order.objects.exclude(erased_at=None).filter(
            Q(pk__in=notes.values("order_id"))
            | Q(pk__in=refunds.values("payment__order_id"))
            | Q(code__in=codes)
        )
    )


def _erase(orders: QuerySet[Order]) -> int:
    return _erase_each(orders.filter(erased_at=None))


def _erase_each(orders: QuerySet[Order]) -> int:
    """Erase the oldest; one that is refused (a hold, an open case) is asked again on the next day."""
    erased = 0
    waiting = orders.order_by("created_at", "pk").values_list("pk", flat=True)
    for order_id in waiting.iterator():
        try:
            erase_order(order_id, cause=ErasureCause.RETENTION)
            erased += 1
        except ErasureRefused as refusal:
            logger.info("An old order keeps its data: %s", refusal)
        if erased >= ORDERS_PER_RUN:
            break
    return erased


def _blank_mails(oldest: datetime) -> int:
    old = OutboxMail.objects.filter(created_at__lt=oldest).exclude(state__in=UNSENT).exclude(html_body="")
    ids = list(old.order_by("created_at").values_list("pk", flat=True)[:ROWS_PER_RUN])
    return OutboxMail.objects.filter(pk__in=ids).update(subject=ERASED, text_body="", html_body="", report="")


def _remove_attempts(oldest: datetime) -> int:
    return _delete(MailAttempt.objects.filter(started_at__lt=oldest).exclude(mail__state__in=UNSENT))


def _remove_notes(oldest: datetime) -> int:
    return _delete(OrderNote.objects.filter(created_at__lt=oldest))


def _remove_events(oldest: datetime) -> int:
    waiting = Case.objects.unsolved().values("reference")
    named = WebhookEvent.objects.annotate(reference=reference_expression(ReferenceKind.EVENT, "pk"))
    return _delete(named.filter(received_at__lt=oldest).exclude(reference__in=waiting))


def _remove_cases(oldest: datetime) -> int:
    return _delete(Case.objects.filter(state=CaseState.CLOSED, closed_at__lt=oldest))


def _remove_baskets(oldest: datetime) -> int:
    return _delete(Basket.objects.filter(updated_at__lt=oldest))


def _remove_sessions(oldest: datetime) -> int:
    # A session runs out this long after it was last written.
    last_end = oldest + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return _delete(Session.objects.filter(expire_date__lt=last_end))


@transaction.atomic
def _delete(rows: QuerySet) -> int:
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:ROWS_PER_RUN])
    rows.model._default_manager.filter(pk__in=ids).delete()
    return len(ids)


RULES = [
    Rule(
        "cancelled orders",
        "orders that were cancelled unpaid: all personal and health data",
        "CANCELLED_ORDER_DAYS",
        _erase_cancelled_orders,
    ),
    Rule(
        "old orders",
        "dispatched orders, paid ones that were refunded in full or whose dispute was lost, and"
        " cancelled ones that had been paid: all personal and health data",
        "ORDER_DATA_DAYS",
        _erase_old_orders,
    ),
    Rule(
        "erased orders",
        "what was added to an order after its data were erased",
        "ADDED_DATA_DAYS",
        _erase_again,
    ),
    Rule("mails", "words of mails that are sent, refused or cancelled", "MAIL_DAYS", _blank_mails),
    Rule("mail attempts", "what the mail server answered", "MAIL_ATTEMPT_DAYS", _remove_attempts),
    Rule("notes", "what staff noted about an order", "NOTE_DAYS", _remove_notes),
    Rule("payment events", "what Stripe reported, unless its case is open", "EVENT_DAYS", _remove_events),
    Rule("cases", "cases that ended", "CASE_DAYS", _remove_cases),
    Rule("baskets", "baskets that nobody touched", "BASKET_DAYS", _remove_baskets),
    Rule("sessions", "log-ins of staff that nobody used", "SESSION_DAYS", _remove_sessions),
]


def run() -> dict[str, int]:
    """Apply every rule as of now."""
    return apply_rules(timezone.now())
