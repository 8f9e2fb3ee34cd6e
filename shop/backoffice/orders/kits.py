"""Whose kits an order has, and what becomes of each: what is packed, and what must not be."""

from dataclasses import dataclass, field

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.core.money import format_money
from shop.orders.models import Kit, Order
from shop.payments.order_states import TO_PACK, ShownState
from shop.payments.refunded_kits import refunded_without_kits, with_refunds

# What becomes of a kit that is in no parcel and keeps its money, by the order's state.
HELD_BACK = _("Held back")
UNSENT = {
    ShownState.AWAITING_PAYMENT: _("Waits for the payment"),
    ShownState.PAID: _("To be sent"),
    ShownState.PARTLY_REFUNDED: _("To be sent"),
    ShownState.DISPATCHED: _("Not in the parcel that has left"),
    ShownState.DISPATCHED_UNPAID: _("Not in the parcel that has left"),
    ShownState.CANCELLED: _("Not to be sent: the order is cancelled"),
}


@dataclass(frozen=True)
class KitRow:
    """One kit with what becomes of it."""

    kit: Kit
    state: str
    is_packed: bool  # a parcel that leaves now holds it


@dataclass(frozen=True)
class KitsPanel:
    """An order's kits, person by person."""

    rows: list[KitRow] = field(default_factory=list)
    warning: str = ""

    @property
    def packed(self) -> list[KitRow]:
        """What a parcel that leaves now holds."""
        return [row for row in self.rows if row.is_packed]

    @property
    def kept_back(self) -> list[KitRow]:
        """What must not be in it."""
        return [row for row in self.rows if row.kit.voided_at]


def kits_panel(order: Order, state: ShownState) -> KitsPanel:
    """Return the kits as they stand, and a warning where money went back that names none of them."""
    kits = Kit.objects.filter(line__order=order).select_related("line", "person", "shipment")
    rows = [_row(kit, state) for kit in with_refunds(kits).order_by("person__position", "pk")]
    return KitsPanel(rows, _warning(order, rows))


def _row(kit: Kit, state: ShownState) -> KitRow:
    if kit.shipment:
        is_unpaid = getattr(kit, "is_refunded", False) or state == ShownState.DISPATCHED_UNPAID
        return KitRow(kit, gettext("Sent, its money went back") if is_unpaid else gettext("Sent"), False)
    if kit.voided_at:
        return KitRow(kit, gettext("Not to be sent: its money goes back"), False)
    return KitRow(kit, str(UNSENT.get(state, HELD_BACK)), state in TO_PACK)


def _warning(order: Order, rows: list[KitRow]) -> str:
    amount = refunded_without_kits(order) if any(row.is_packed for row in rows) else 0
    if not amount:
        return ""
    return gettext("%(money)s went back without naming a kit, so it keeps none here.") % {
        "money": format_money(amount, order.currency)
    }
