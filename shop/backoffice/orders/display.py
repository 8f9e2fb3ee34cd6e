"""How an order and its kits read in a list, on a screen and in a file."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shop.orders.models import Kit, Order, OrderLine
from shop.payments.order_states import ShownState


def status_display(order: Order) -> str:
    """Return the order's state with its money. The list has read it for all its rows at once."""
    return str(ShownState(getattr(order, "shown_state", order.status)).label)


def buyer_display(order: Order) -> str:
    """Return who ordered, as long as the shop may know it."""
    return str(_("erased")) if order.erased_at else order.buyer_name


def packages_display(order: Order) -> str:
    """Return the SKUs of an order's lines, void kits told apart; never what a package measures."""
    if order.erased_at:
        return "–"
    return ", ".join(_line_display(line) for line in order.lines.all())


def kit_display(kit: Kit) -> str:
    """Return the package and the person of a kit. Its line and person are loaded."""
    return f"{kit.line.name} – {kit.person.name}" if kit.person.name else kit.line.name


def _line_display(line: OrderLine) -> str:
    void = getattr(line, "void_count", 0)
    if not void:
        return f"{line.quantity} × {line.sku}"
    values = {"left": line.quantity - void, "all": line.quantity, "sku": line.sku}
    return gettext("%(left)d of %(all)d × %(sku)s") % values
