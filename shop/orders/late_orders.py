"""Paid orders that should have left by now: each has a case, which ends when nothing is to be sent."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import formats
from django.utils.translation import gettext as _

from cms.core.calendar import site_day, site_time
from shop.cases.actions import open_case, resolve_all
from shop.cases.models import Case, CaseKind
from shop.orders.locks import lock_order
from shop.orders.models import Hold, Order, OrderStatus
from shop.references import ReferenceKind, reference_expression

SATURDAY = 5


def free_to_leave() -> QuerySet[Order]:
    """Return the orders that are to be packed: paid, not erased, and nothing holds them back."""
    held = Hold.objects.standing().filter(order=OuterRef("pk"))
    return Order.objects.filter(~Exists(held), status=OrderStatus.PAID, erased_at=None)


def open_late_cases(now: datetime) -> int:
    """Open a case for every paid order that has waited settings.DISPATCH_WORKING_DAYS; return how many.

    An order that must not leave is not late; when it is let go, its time begins anew. A case that somebody
    has ended is not opened again for the same wait.
    """
    return sum(_open_if_late(order_id, now) for order_id in _may_be_late(now))


def end_late_case(order: Order, outcome: str) -> None:
    """End the order's case, if it has one. Call it under the order's lock."""
    resolve_all(CaseKind.LATE_ORDER, reference=order.reference, outcome=outcome)


def after_working_days(moment: datetime, days: int) -> datetime:
    """Return the same time of day so many working days later. Saturdays and Sundays do not count.

    Public holidays do: they differ from country to country, and a day too early harms nobody here.
    """
    moment = site_time(moment)
    while days > 0:
        moment += timedelta(days=1)
        days -= moment.weekday() < SATURDAY
    return moment


def _may_be_late(now: datetime) -> list[int]:
    """Return paid orders without a hold or an open case that are old enough even without a weekend."""
    known = Case.objects.unsolved().filter(
        kind=CaseKind.LATE_ORDER,
        reference=reference_expression(ReferenceKind.ORDER, OuterRef("code")),
    )
    latest = now - timedelta(days=settings.DISPATCH_WORKING_DAYS)
    waiting = free_to_leave().filter(~Exists(known), paid_at__lte=latest)
    return list(waiting.order_by("paid_at").values_list("pk", flat=True))


@transaction.atomic
def _open_if_late(order_id: int, now: datetime) -> bool:
    order = lock_order(order_id)
    since = _waits_since(order)
    if since is None:
        return False
    due = after_working_days(since, settings.DISPATCH_WORKING_DAYS)
    occasion = f"{since:%Y-%m-%d %H:%M:%S}"
    known = Case.objects.filter(reference=order.reference, kind=CaseKind.LATE_ORDER, occasion=occasion)
    if due > now or known.exists():
        return False
    open_case(
        CaseKind.LATE_ORDER,
        reference=order.reference,
        occasion=occasion,
        reason=_("Paid, free to leave since %(since)s and not dispatched.") % {"since": _day(since)},
        due_at=due,
    )
    return True


def _waits_since(order: Order) -> datetime | None:
    """Return since when it could have left; None when it must not leave or has left."""
    released = list(order.holds.values_list("released_at", flat=True))
    if order.status != OrderStatus.PAID or order.paid_at is None or None in released:
        return None
    return max([order.paid_at, *filter(None, released)])


def _day(moment: datetime) -> str:
    return formats.date_format(site_day(moment), "DATE_FORMAT")
