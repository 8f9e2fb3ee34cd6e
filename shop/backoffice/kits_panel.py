"""Whose kits an order has, and what becomes of each: what is packed, and what must not be."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from cms.core.money import format_money
from shop.orders.models import Kit, Order, OrderStatus
from shop.payments.refunded_kits import refunded_without_kits, with_refunds


@dataclass(frozen=True)
class KitRow:
    """One kit with what becomes of it, in words."""

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


def kits_panel(order: Order, *, is_held: bool) -> KitsPanel:
    """The kits as they stand, and a warning where money went back that names none of them."""
    kits = Kit.objects.filter(line__order=order).select_related("line", "person", "shipment")
    rows = [_row(kit, order, is_held) for kit in with_refunds(kits).order_by("person__position", "pk")]
    return KitsPanel(rows, _warning(order, rows))


def kit_words(kit: Kit) -> str:
    """Which kit it is, in words for staff: the package and the person. Its line and person are loaded."""
    return f"{kit.line.name} – {kit.person.name}" if kit.person.name else kit.line.name


def _row(kit: Kit, order: Order, is_held: bool) -> KitRow:
    if kit.shipment:
        return KitRow(
            kit, _("Sent, its money went back") if getattr(kit, "is_refunded", False) else _("Sent"), False
        )
    if kit.voided_at:
        return KitRow(kit, _("Not to be sent: its money goes back"), False)
    states = {
        OrderStatus.AWAITING_PAYMENT: _("Waits for the payment"),
        OrderStatus.PAID: _("Held back") if is_held else _("To be sent"),
        OrderStatus.DISPATCHED: _("Not in the parcel that has left"),
        OrderStatus.CANCELLED: _("Not to be sent: the order is cancelled"),
    }
    is_packed = order.status == OrderStatus.PAID and not is_held
    return KitRow(kit, states[OrderStatus(order.status)], is_packed)


def _warning(order: Order, rows: list[KitRow]) -> str:
    amount = refunded_without_kits(order) if any(row.is_packed for row in rows) else 0
    if not amount:
        return ""
    return _("%(money)s went back without naming a kit, so it keeps none here.") % {
        "money": format_money(amount, order.currency)
    }
