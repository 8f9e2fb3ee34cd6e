"""An order's way from the click to the letterbox, as a customer sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shop.orders.models import Order, Shipment
from shop.payments.order_states import ShownState


@dataclass(frozen=True)
class Stage:
    """One stage; `state` is done, current or ahead."""

    title: str | Promise
    text: str | Promise
    state: str
    moment: datetime | None = None


@dataclass(frozen=True)
class Progress:
    """The status in one sentence and the stages around it."""

    sentence: str | Promise
    stages: list[Stage]


# What comes after the payment while nothing has left: the sentence, and the stage's title and text.
PACKING = (
    _("Your order is paid. We are packing it."),
    _("On its way"),
    _("We are packing your order."),
)
PACKING_FREE = (_("We have your order and are packing it."), *PACKING[1:])
WAITING = {
    ShownState.PARTLY_REFUNDED: (
        _("Part of your money went back. We are packing your order."),
        _("On its way"),
        _("We are packing your order."),
    ),
    ShownState.HELD: (
        _("We are looking at the payment of your order. Nothing is sent meanwhile."),
        _("On its way"),
        _("We look at the payment first."),
    ),
    ShownState.REFUNDED: (
        _("This order ends with a refund. No kit will be sent."),
        _("Refund"),
        _("All of your money goes back to you."),
    ),
    ShownState.CHARGED_BACK: (
        _("Your bank has taken the money back. No kit will be sent."),
        _("Money taken back"),
        _("Your bank has decided about the payment."),
    ),
}


def order_progress(order: Order, shipments: Sequence[Shipment], state: ShownState) -> Progress:
    """Return where the order stands, from its state and its parcels."""
    placed = Stage(_("Ordered"), _("We have your order."), "done", order.created_at)
    if state == ShownState.CANCELLED:
        return Progress(
            _("This order was cancelled. No kit will be sent."),
            [placed, Stage(_("Cancelled"), _("Nothing more happens."), "done")],
        )
    if state == ShownState.AWAITING_PAYMENT:
        return Progress(
            _("This order waits for your payment."),
            [
                placed,
                Stage(_("Payment"), _("We begin as soon as it is here."), "current"),
                Stage(_("On its way"), _("You get the tracking number by e-mail."), "ahead"),
            ],
        )
    paid = Stage(_("Paid"), _("Thank you."), "done", order.paid_at)
    if not order.total_amount:
        paid = Stage(_("Accepted"), _("Your code covers all of it."), "done", order.paid_at)
    if shipments:
        return Progress(
            _("Your order is on its way."),
            [
                placed,
                paid,
                Stage(_("On its way"), _("Handed to the carrier."), "done", shipments[0].dispatched_at),
                Stage(_("Your sample"), _("Follow the leaflet in the kit."), "current"),
            ],
        )
    packing = PACKING if order.total_amount else PACKING_FREE
    sentence, title, text = WAITING.get(state, packing)
    return Progress(sentence, [placed, paid, Stage(title, text, "current")])
