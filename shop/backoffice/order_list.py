"""The list of orders."""

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views import generic

from shop.orders.models import Order, OrderLine
from shop.payments.order_states import TO_PACK, ShownState, with_shown_state


class OrderIndexView(generic.IndexView):
    page_title = _("Orders")

    def get_base_queryset(self) -> QuerySet[Order]:
        void = Count("kits", filter=Q(kits__voided_at__isnull=False))
        lines = OrderLine.objects.only("order_id", "sku", "quantity").annotate(void_count=void)
        orders = with_shown_state(super().get_base_queryset())
        return orders.prefetch_related(Prefetch("lines", queryset=lines))

    def search_queryset(self, queryset: QuerySet[Order]) -> QuerySet[Order]:
        """Finds by code, by the start of the e-mail address, or by a part of the buyer's name."""
        if not self.is_searching:
            return queryset
        words = self.search_query.strip()
        return queryset.filter(
            Q(code=words.upper()) | Q(email__istartswith=words) | Q(buyer_name__icontains=words)
        )


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


ORDER_COLUMNS = [
    "code",
    Column("buyer_name", label=_("Buyer"), accessor=buyer_of, sort_key="buyer_name"),
    StatusTagColumn(
        "state",
        label=_("Status"),
        accessor=state_of,
        sort_key="status",
        primary=lambda order: getattr(order, "shown_state", "") in TO_PACK,
    ),
    Column("packages", label=_("Packages"), accessor=packages_of),
    Column("total", label=_("Total"), sort_key="total_amount"),
    DateColumn("created_at", label=_("Ordered"), sort_key="created_at"),
]
