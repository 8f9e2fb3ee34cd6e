"""An order's way from the click to the letterbox, as a customer sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from shop.orders.models import HoldKind, Order, OrderStatus, Shipment


@dataclass(frozen=True)
class Stage:
    """One stage; `state` is done, current or ahead."""

    title: str
    text: str
    state: str
    moment: datetime | None = None


@dataclass(frozen=True)
class Progress:
    """The status in one sentence and the stages around it."""

    sentence: str
    stages: list[Stage]


def is_given_back(order: Order) -> bool:
    """Whether all of a paid order's money goes back, so that no kit will be sent."""
    return order.holds.standing().filter(kind=HoldKind.REFUNDED).exists()


def order_progress(order: Order, shipments: Sequence[Shipment]) -> Progress:
    """Where the order stands, from its status, its parcels, and whether all of its money goes back."""
    placed = Stage(_("Ordered"), _("We have your order."), "done", order.created_at)
    if order.status == OrderStatus.CANCELLED:
        return Progress(
            _("This order was cancelled. No kit will be sent."),
            [placed, Stage(_("Cancelled"), _("Nothing more happens."), "done")],
        )
    if order.status == OrderStatus.AWAITING_PAYMENT:
        return Progress(
            _("This order waits for your payment."),
            [
                placed,
                Stage(_("Payment"), _("We begin as soon as it is here."), "current"),
                Stage(_("On its way"), _("You get the tracking number by e-mail."), "ahead"),
            ],
        )
    paid = Stage(_("Paid"), _("Thank you."), "done", order.paid_at)
    if not shipments and is_given_back(order):
        return Progress(
            _("This order ends with a refund. No kit will be sent."),
            [placed, paid, Stage(_("Refund"), _("All of your money goes back to you."), "current")],
        )
    if not shipments:
        return Progress(
            _("Your order is paid. We are packing your kit."),
            [placed, paid, Stage(_("On its way"), _("We are packing your kit."), "current")],
        )
    return Progress(
        _("Your kit is on its way."),
        [
            placed,
            paid,
            Stage(_("On its way"), _("Handed to the carrier."), "done", shipments[0].dispatched_at),
            Stage(_("Your sample"), _("Follow the leaflet in the kit."), "current"),
        ],
    )
