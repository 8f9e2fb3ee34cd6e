"""What staff read of an order in a list, on its screen and in a file."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shop.orders.models import Order, OrderLine
from shop.payments.order_states import ShownState


def packages_of(order: Order) -> str:
    """The SKUs of an order's lines, void kits told apart; the list never shows what a package measures."""
    if order.erased_at:
        return "–"
    return ", ".join(_words_for(line) for line in order.lines.all())


def _words_for(line: OrderLine) -> str:
    void = getattr(line, "void_count", 0)
    if not void:
        return f"{line.quantity} × {line.sku}"
    values = {"left": line.quantity - void, "all": line.quantity, "sku": line.sku}
    return gettext("%(left)d of %(all)d × %(sku)s") % values


def state_of(order: Order) -> str:
    """The order's state with its money, in words. The list has read it for all its rows at once."""
    return str(ShownState(getattr(order, "shown_state", order.status)).label)


def buyer_of(order: Order) -> str:
    """Who ordered, as long as the shop may know it."""
    return str(_("erased")) if order.erased_at else order.buyer_name
