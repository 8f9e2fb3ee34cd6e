"""What a case is about: its reference turned into a link, for a whole list with a handful of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _

from shop.cases.models import Case, CaseState
from shop.mail.models import OutboxMail
from shop.orders.models import Order
from shop.payments.models import WebhookEvent


@dataclass(frozen=True)
class Subject:
    """What a case is about, in words, where to see it, and the order behind it if there is one."""

    text: str
    url: str = ""
    order_id: int | None = None


def subjects_of(cases: Iterable[Case]) -> dict[str, Subject]:
    """The subject of each case by its reference; three queries, however many cases there are."""
    references = {case.reference for case in cases}
    mails = _mails(references)
    codes = {_name(reference) for reference in [*references, *mails.values()] if _is(reference, "order")}
    orders = dict(Order.objects.filter(code__in=codes).values_list("code", "pk")) if codes else {}
    events = _events(references)
    return {reference: _subject(reference, orders, mails, events) for reference in references}


def subject_of(case: Case) -> Subject:
    """What this case is about."""
    return subjects_of([case])[case.reference]


def references_of_order(code: str) -> list[str]:
    """How cases name the order with this code, or one of its mails."""
    reference = f"order:{code}"
    mails = OutboxMail.objects.filter(reference=reference).values_list("pk", flat=True)
    return [reference, *(f"mail:{pk}" for pk in mails)]


def due_text(case: Case, now: datetime) -> str:
    """How long there is time, or since when it is over; empty when nothing is due."""
    if case.due_at is None or case.state == CaseState.CLOSED:
        return ""
    if case.due_at <= now:
        return _("overdue by %(time)s") % {"time": timesince(case.due_at, now, depth=1)}
    return _("%(time)s left") % {"time": timeuntil(case.due_at, now, depth=1)}


def _subject(
    reference: str, orders: dict[str, int], mails: dict[str, str], events: frozenset[str]
) -> Subject:
    if reference in mails:
        order = _order_subject(_name(mails[reference]), orders)
        text = _("Mail about order %(code)s") % {"code": order.text} if order.order_id else _("Mail")
        return Subject(text, reverse("outbox:inspect", args=[_name(reference)]), order.order_id)
    if reference in events:
        return Subject(_("Stripe event"), reverse("payment-events:inspect", args=[_name(reference)]))
    if _is(reference, "order"):
        return _order_subject(_name(reference), orders)
    return Subject(_name_of_what_is_gone(reference))


def _name_of_what_is_gone(reference: str) -> str:
    """For what was deleted, or has no screen: the provider's name for it where there is one."""
    if _is(reference, "mail"):
        return _("Mail")
    if _is(reference, "audit"):
        return _("The books")
    return _("Stripe event") if _is(reference, "event") else _name(reference) or reference


def _order_subject(code: str, orders: dict[str, int]) -> Subject:
    order_id = orders.get(code)
    return Subject(code, reverse("orders:inspect", args=[order_id]) if order_id else "", order_id)


def _mails(references: set[str]) -> dict[str, str]:
    """What the mails among them are about, by their own reference."""
    ids = _numbers(references, "mail")
    found = OutboxMail.objects.filter(pk__in=ids).values_list("pk", "reference") if ids else []
    return {f"mail:{pk}": reference for pk, reference in found}


def _events(references: set[str]) -> frozenset[str]:
    """The events among them that are still kept."""
    ids = _numbers(references, "event")
    found = WebhookEvent.objects.filter(pk__in=ids).values_list("pk", flat=True) if ids else []
    return frozenset(f"event:{pk}" for pk in found)


def _numbers(references: set[str], room: str) -> list[str]:
    return [
        _name(reference) for reference in references if _is(reference, room) and _name(reference).isdecimal()
    ]


def _is(reference: str, room: str) -> bool:
    return reference.startswith(f"{room}:")


def _name(reference: str) -> str:
    return reference.partition(":")[2]
