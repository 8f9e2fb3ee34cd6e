"""The one place where an order's status changes.

A change is a row of TRANSITIONS: from which statuses, to which, how the timeline calls it, and what else is
written with it. Status, timeline and effects are written in one transaction under the order's lock.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.typed.text import clean_line
from cms.users.models import User
from shop.catalogue import stock
from shop.discounts import reserving
from shop.orders import kits, mails, timeline
from shop.orders.late_orders import end_late_case
from shop.orders.locks import lock_order
from shop.orders.models import Actor, Kit, Order, OrderStatus, Shipment
from shop.orders.timeline import TimelineKind


class Action(StrEnum):
    PAY = "pay"
    ACCEPT_FREE = "accept_free"
    DISPATCH = "dispatch"
    CANCEL = "cancel"
    CANCEL_FREE = "cancel_free"


class TransitionRefused(Exception):
    """The order's status does not allow it, or something needed for it is missing; the text says what."""


@dataclass(frozen=True)
class Change:
    """Who changes an order, and with what."""

    actor: Actor
    user: User | None
    data: dict


def _receive_money(order: Order, change: Change) -> None:
    stock.confirm(order.reference)
    if order.discount_amount:
        reserving.confirm(order.reference)
    mails.withdraw_payment_retry(order)
    mails.order_paid(order)
    mails.new_order(order)


def _accept_free(order: Order, change: Change) -> None:
    """Accept a free order, without a receipt: one is about money that arrived.

    What it took of a limited stock stays noted until it leaves, because it can be cancelled until then.
    """
    _check_free(order)
    reserving.confirm(order.reference)
    mails.order_accepted(order)
    mails.new_order(order)


def _end_free(order: Order, change: Change) -> None:
    """Cancel a free order, which no refund can stop; what it took is free again."""
    _check_free(order)
    order.paid_at = None  # it was never an order that is kept as paid
    order.save(update_fields=["paid_at"])
    reserving.take_back(order.reference)
    stock.give_back(order.reference)


def _check_free(order: Order) -> None:
    if order.total_amount:
        raise TransitionRefused(_("Order %(code)s is not free.") % {"code": order.code})


def _end_unpaid(order: Order, change: Change) -> None:
    """Free the code's use and the stock for somebody else; money that comes later takes neither again."""
    if order.discount_amount:
        reserving.give_back(order.reference)
    stock.give_back(order.reference)
    mails.withdraw_order_received(order)
    mails.withdraw_payment_retry(order)


def _send_parcel(order: Order, change: Change) -> None:
    if order.erased_at:
        raise TransitionRefused(_("The address of order %(code)s is erased.") % {"code": order.code})
    if hold := order.holds.standing().first():
        raise TransitionRefused(
            _("Order %(code)s must not be dispatched: %(reason)s.")
            % {"code": order.code, "reason": hold.get_kind_display().lower()}
        )
    details = {name: clean_line(str(change.data.get(name, ""))) for name in ("carrier", "tracking_number")}
    if not all(details.values()):
        raise TransitionRefused(_("A parcel needs a carrier and a tracking number."))
    sent = kits.lock_kits_to_send(order)
    if not sent:
        raise TransitionRefused(_("No kit of order %(code)s is left to be sent.") % {"code": order.code})
    shipment = Shipment.objects.create(order=order, dispatched_by=change.user, **details)
    Kit.objects.filter(pk__in=sent).update(shipment=shipment)
    if not order.total_amount:
        stock.confirm(order.reference)
    mails.order_dispatched(shipment)


def _nothing_else(order: Order, change: Change) -> None:
    """Do nothing besides: the change is complete with its status."""


@dataclass(frozen=True)
class Transition:
    sources: frozenset[OrderStatus]
    target: OrderStatus
    kind: TimelineKind
    effect: Callable[[Order, Change], None] = _nothing_else
    stamp: str = ""  # the field that keeps the moment


TRANSITIONS = {
    Action.PAY: Transition(
        sources=frozenset({OrderStatus.AWAITING_PAYMENT}),
        target=OrderStatus.PAID,
        kind=TimelineKind.PAID,
        effect=_receive_money,
        stamp="paid_at",
    ),
    Action.ACCEPT_FREE: Transition(
        sources=frozenset({OrderStatus.AWAITING_PAYMENT}),
        target=OrderStatus.PAID,
        kind=TimelineKind.NOTHING_TO_PAY,
        effect=_accept_free,
        stamp="paid_at",
    ),
    Action.DISPATCH: Transition(
        sources=frozenset({OrderStatus.PAID}),
        target=OrderStatus.DISPATCHED,
        kind=TimelineKind.DISPATCHED,
        effect=_send_parcel,
    ),
    Action.CANCEL: Transition(
        sources=frozenset({OrderStatus.AWAITING_PAYMENT}),
        target=OrderStatus.CANCELLED,
        kind=TimelineKind.CANCELLED,
        effect=_end_unpaid,
    ),
    Action.CANCEL_FREE: Transition(
        sources=frozenset({OrderStatus.PAID}),
        target=OrderStatus.CANCELLED,
        kind=TimelineKind.CANCELLED,
        effect=_end_free,
    ),
}


@transaction.atomic
def apply(
    order_id: int, action: str, *, actor: Actor, user: User | None = None, data: dict | None = None
) -> Order:
    """Return the order after the action. `data` goes into the timeline.

    Raise TransitionRefused, with nothing written, and Order.DoesNotExist.
    """
    transition = TRANSITIONS[Action(action)]
    order = lock_order(order_id)
    if order.status not in transition.sources:
        raise TransitionRefused(_refusal(order, transition))
    change = Change(actor, user, data or {})
    order.status = transition.target
    if transition.stamp:
        setattr(order, transition.stamp, timezone.now())
    order.save(update_fields=["status", *filter(None, [transition.stamp])])
    timeline.record(order, transition.kind, actor, user=user, data=change.data)
    transition.effect(order, change)
    if OrderStatus.PAID in transition.sources:  # only who waits for a parcel can be late
        end_late_case(order, str(transition.target.label))
    return order


def dispatch(order_id: int, carrier: str, tracking_number: str, user: User) -> Order:
    """Send the kits of a paid order in one parcel, void ones left out, and mail the customer.

    Raise TransitionRefused.
    """
    parcel = {"carrier": carrier, "tracking_number": tracking_number}
    return apply(order_id, Action.DISPATCH, actor=Actor.STAFF, user=user, data=parcel)


def can_be_cancelled(order: Order) -> bool:
    """Return whether it awaits payment, or has not left and cost nothing; what was paid is refunded."""
    is_free = order.status == OrderStatus.PAID and not order.total_amount
    return is_free or order.status == OrderStatus.AWAITING_PAYMENT


def cancel_unpaid(order_id: int, *, actor: Actor, user: User | None = None) -> Order:
    """End an order that nobody paid. Raise TransitionRefused.

    Only `shop.payments.cancelling` calls it, after it has made sure that no payment is under way.
    """
    return apply(order_id, Action.CANCEL, actor=actor, user=user)


def _refusal(order: Order, transition: Transition) -> str:
    return _("Order %(code)s is “%(status)s” and cannot become “%(target)s”.") % {
        "code": order.code,
        "status": order.get_status_display(),
        "target": transition.target.label,
    }
