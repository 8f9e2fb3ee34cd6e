"""What a case is about: its reference turned into a link, for a whole list with a handful of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.cases.models import Case, CaseState
from shop.mail.models import OutboxMail
from shop.orders.models import Order
from shop.payments.models import WebhookEvent
from shop.references import ReferenceKind, build_reference, parse_reference, primary_key_in

KIND_LABELS: dict[str, Any] = {
    ReferenceKind.MAIL: gettext_lazy("Mail"),
    ReferenceKind.EVENT: gettext_lazy("Stripe event"),
    ReferenceKind.AUDIT: gettext_lazy("The books"),
}


@dataclass(frozen=True)
class RelatedObject:
    """What a case is about: its name, where to see it, and the order behind it if there is one."""

    text: str
    url: str = ""
    order_id: int | None = None


def related_objects(cases: Iterable[Case]) -> dict[str, RelatedObject]:
    """Return what each case is about, by its reference; three queries, however many cases there are."""
    references = {case.reference for case in cases}
    mails = _mails(references)
    codes = {
        parse_reference(reference).name
        for reference in [*references, *mails.values()]
        if parse_reference(reference).kind == ReferenceKind.ORDER
    }
    orders = dict(Order.objects.filter(code__in=codes).values_list("code", "pk")) if codes else {}
    events = _events(references)
    return {reference: _related_object(reference, orders, mails, events) for reference in references}


def related_object(case: Case) -> RelatedObject:
    """Return what this case is about."""
    return related_objects([case])[case.reference]


def references_of_order(code: str) -> list[str]:
    """Return how cases name the order with this code, or one of its mails."""
    reference = build_reference(ReferenceKind.ORDER, code)
    mails = OutboxMail.objects.filter(reference=reference).values_list("pk", flat=True)
    return [reference, *(build_reference(ReferenceKind.MAIL, pk) for pk in mails)]


def due_display(case: Case, now: datetime) -> str:
    """Return how long there is time, or since when it is over; empty when nothing is due."""
    if case.due_at is None or case.state == CaseState.CLOSED:
        return ""
    if case.due_at <= now:
        return _("overdue by %(time)s") % {"time": timesince(case.due_at, now, depth=1)}
    return _("%(time)s left") % {"time": timeuntil(case.due_at, now, depth=1)}


def _related_object(
    reference: str, orders: dict[str, int], mails: dict[str, str], events: frozenset[str]
) -> RelatedObject:
    kind, name = parse_reference(reference)
    if reference in mails:
        order = _related_order(parse_reference(mails[reference]).name, orders)
        text = _("Mail about order %(code)s") % {"code": order.text} if order.order_id else _("Mail")
        return RelatedObject(text, reverse("outbox:inspect", args=[name]), order.order_id)
    if reference in events:
        return RelatedObject(_("Stripe event"), reverse("payment-events:inspect", args=[name]))
    if kind == ReferenceKind.ORDER:
        return _related_order(name, orders)
    # What was deleted, or has no screen: Stripe's name for it where there is one.
    return RelatedObject(str(KIND_LABELS.get(kind, name or reference)))


def _related_order(code: str, orders: dict[str, int]) -> RelatedObject:
    order_id = orders.get(code)
    return RelatedObject(code, reverse("orders:inspect", args=[order_id]) if order_id else "", order_id)


def _mails(references: set[str]) -> dict[str, str]:
    """Return what the mails among them are about, by their own reference."""
    ids = _primary_keys(references, ReferenceKind.MAIL)
    found = OutboxMail.objects.filter(pk__in=ids).values_list("pk", "reference") if ids else []
    return {build_reference(ReferenceKind.MAIL, pk): reference for pk, reference in found}


def _events(references: set[str]) -> frozenset[str]:
    """Return the events among them that are still kept."""
    ids = _primary_keys(references, ReferenceKind.EVENT)
    found = WebhookEvent.objects.filter(pk__in=ids).values_list("pk", flat=True) if ids else []
    return frozenset(build_reference(ReferenceKind.EVENT, pk) for pk in found)


def _primary_keys(references: set[str], kind: ReferenceKind) -> list[int]:
    found = (primary_key_in(reference, kind) for reference in references)
    return [key for key in found if key is not None]
