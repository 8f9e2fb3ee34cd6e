"""The daily mail to the staff's address: how much waits, in figures. It names no person and no order."""

from datetime import datetime

from django.db import transaction
from django.utils import formats
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from cms.core.calendar import site_day
from shop.backoffice.dashboard import WaitingCases, cases_by_kind, waiting_records
from shop.cases.models import CaseKind
from shop.catalogue.models import Package
from shop.mail.models import OutboxMail
from shop.mail.outbox import enqueue
from shop.orders.mails import admin_url, staff_email
from shop.orders.readiness import missing_for_selling
from shop.references import ReferenceKind, build_reference

KIND = "staff_digest"


@transaction.atomic
def send_digest(now: datetime) -> OutboxMail | None:
    """Return this day's digest, the same however many ask; None when nothing waits or no address is set."""
    recipient = staff_email()
    cases = case_lines(now)
    others = [item.text for item in waiting_records() if item.count]
    missing = missing_lines()
    if not recipient or not (missing or cases or others):
        return None
    day = site_day(now)
    return enqueue(
        reference=build_reference(ReferenceKind.DIGEST, day.isoformat()),
        kind=KIND,
        recipient=recipient,
        context={
            "day": formats.date_format(day, "DATE_FORMAT"),
            "waiting": "\n".join([*missing, *cases, *others]),
            "admin_url": admin_url("wagtailadmin_home"),
        },
    )


def missing_lines() -> list[str]:
    """Return a line for each thing that selling needs and lacks; none while nothing is offered."""
    missing = missing_for_selling()
    if not missing or not Package.objects.sold().exists():
        return []
    return [_("The shop does not sell. %(reason)s") % {"reason": item.text} for item in missing]


def case_lines(now: datetime) -> list[str]:
    """Return a line for each kind of case: how many wait, how many are overdue, and the oldest's age."""
    return [_line(cases, now) for cases in cases_by_kind(now)]


def _line(cases: WaitingCases, now: datetime) -> str:
    values = {
        "kind": CaseKind(cases.kind).label,
        "count": cases.count,
        "overdue": cases.overdue,
        "age": timesince(cases.oldest, now, depth=1),
    }
    if cases.overdue:
        return _("%(kind)s: %(count)d, %(overdue)d overdue; oldest %(age)s") % values
    return _("%(kind)s: %(count)d; oldest %(age)s") % values
