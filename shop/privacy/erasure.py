"""Takes a person's data out of everything the shop keeps, and leaves the accounts as they are.

What is refused and why: an order that awaits payment (somebody could still pay it: cancel it first), a
payment that is not finished (its money may still arrive), a mail that is being sent at this moment (its end
is not written yet). These are never overridden. An order that is paid and not dispatched, one that is held,
one with a refund on its way and one with an open case still need the data; `force` overrides these four, and
the timeline says so. A paid order whose money was given back in full, or taken by a bank in a dispute that
was lost, is finished like a dispatched one.
"""

import logging
from dataclasses import dataclass, field

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.users.models import User
from shop.mail.models import MailState, OutboxMail
from shop.orders import timeline
from shop.orders.codes import new_secret
from shop.orders.locks import lock_order
from shop.orders.models import Actor, Order, OrderStatus
from shop.orders.timeline import TimelineKind
from shop.payments.models import Payment
from shop.privacy.erasers import ERASERS, blank_mails, forget_link_requests
from shop.privacy.traces import (
    cases_of,
    final_holds_of,
    link_requests_of,
    mails_of,
    orders_of,
    other_mails_of,
    refunds_of,
)

logger = logging.getLogger(__name__)


class ErasureCause(models.TextChoices):
    """Why data goes: fixed words, because a reason in free text would be the next personal data."""

    REQUEST = "request", gettext_lazy("The person asked for it")
    RETENTION = "retention", gettext_lazy("It has been kept as long as it may be")
    MISTAKE = "mistake", gettext_lazy("It should never have been entered")


class ErasureRefused(Exception):
    """The order's data are still needed; the text says what for. Nothing was written."""


@dataclass(frozen=True)
class PersonErasure:
    """What came of erasing a person: the orders' codes, and the words for each that was refused."""

    erased: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    other_mails: int = 0


@transaction.atomic
def erase_order(
    order_id: int, *, user: User | None = None, cause: str = ErasureCause.REQUEST, force: bool = False
) -> bool:
    """Erase an order's personal and health data; return False when that was done before.

    Asked again, it takes out what was written since and changes nothing else. Totals, payments and tax stay;
    the customer's link stops working. Raise ErasureRefused, Order.DoesNotExist, and ValueError for a cause
    that is none of ErasureCause.
    """
    order = lock_order(order_id)
    list(Payment.objects.select_for_update().filter(order=order).order_by("pk"))
    overridden = _check(order, force=force)
    is_first = order.erased_at is None
    for erase in ERASERS:
        erase(order)
    if is_first:
        Order.objects.filter(pk=order.pk).update(secret=new_secret(), erased_at=timezone.now())
        data = {"cause": ErasureCause(cause).value}
        timeline.record(
            order,
            TimelineKind.ERASED,
            Actor.STAFF if user else Actor.SYSTEM,
            user=user,
            data=data | ({"forced": overridden} if overridden else {}),
        )
        logger.info("The personal data of order %s are erased (%s)", order.code, cause)
    return is_first


def erase_person(
    email: str, *, user: User | None = None, cause: str = ErasureCause.REQUEST, force: bool = False
) -> PersonErasure:
    """Erase every order of this e-mail address, however it was typed, and the other mails that went there.

    An order that is refused does not keep the others. Raise ValueError for an empty address.
    """
    result = PersonErasure()
    for order in orders_of(email):
        try:
            erase_order(order.pk, user=user, cause=cause, force=force)
        except ErasureRefused as refusal:
            result.refused[order.code] = str(refusal)
        else:
            result.erased.append(order.code)
    # Mails about these orders went or stay with them; these were sent to the address about something else.
    with transaction.atomic():
        ids = _lock_mails(other_mails_of(email).exclude(state=MailState.SENDING))
        blank_mails(OutboxMail.objects.filter(pk__in=ids))
        forget_link_requests(link_requests_of(email))
    return PersonErasure(result.erased, result.refused, len(ids))


def _check(order: Order, *, force: bool) -> list[str]:
    """Return what was overridden, by name. Raise ErasureRefused."""
    if refusal := _firm_refusal(order):
        raise ErasureRefused(refusal)
    soft = _soft_refusals(order)
    if soft and not force:
        raise ErasureRefused(" ".join(soft.values()))
    return list(soft)


def _firm_refusal(order: Order) -> str:
    if order.status == OrderStatus.AWAITING_PAYMENT:
        return _("Order %(code)s can still be paid. Please cancel it first.") % {"code": order.code}
    if order.payments.unfinished().exists():
        return _("A payment for order %(code)s is not finished; its money may still arrive.") % {
            "code": order.code
        }
    mails = mails_of(order)
    _lock_mails(mails)
    if mails.filter(state=MailState.SENDING, leased_until__gte=timezone.now()).exists():
        return _("A mail about order %(code)s is being sent. Please try again in a few minutes.") % {
            "code": order.code
        }
    return ""


def _lock_mails(mails: QuerySet[OutboxMail]) -> set[int]:
    """Hold them until the end of the transaction, so that no worker claims and nobody copies one meanwhile.

    Whoever sends a mail again holds it too, and what is written while we wait is not seen by the statement
    that waits: so it looks again until there is none that it does not hold.
    """
    held: set[int] = set()
    while (found := set(mails.select_for_update().order_by("pk").values_list("pk", flat=True))) != held:
        held = found
    return held


def _soft_refusals(order: Order) -> dict[str, str]:
    """Return them by name. A refund under way and an open case need their words; nothing erased is sent."""
    return ({} if order.erased_at else _not_finished(order)) | _still_dealt_with(order)


def _not_finished(order: Order) -> dict[str, str]:
    refusals = {}
    final = set(final_holds_of(order))
    holds = [hold for hold in order.holds.standing() if hold not in final]
    if order.status == OrderStatus.PAID and not final:
        refusals["paid"] = _("Order %(code)s is paid and has not been dispatched.") % {"code": order.code}
    if holds:
        refusals["hold"] = _("Order %(code)s is held: %(reason)s.") % {
            "code": order.code,
            "reason": holds[0].get_kind_display().lower(),
        }
    return refusals


def _still_dealt_with(order: Order) -> dict[str, str]:
    refusals = {}
    if refunds_of(order).unfinished().exists():
        refusals["refund"] = _("A refund of order %(code)s is on its way and may fail.") % {
            "code": order.code
        }
    if cases_of(order).unsolved().exists():
        refusals["case"] = _("Somebody still deals with a case about order %(code)s.") % {"code": order.code}
    return refusals
