"""The list of orders."""

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn

from shop.backoffice.orders.export import OrderExportView
from shop.backoffice.orders.wording import buyer_of, packages_of, state_of
from shop.orders.models import Order, OrderLine
from shop.orders.search import find_orders
from shop.payments.order_states import TO_PACK, with_shown_state


class OrderIndexView(OrderExportView):
    page_title = _("Orders")

    def get_base_queryset(self) -> QuerySet[Order]:
        void = Count("kits", filter=Q(kits__voided_at__isnull=False))
        lines = OrderLine.objects.only("order_id", "sku", "quantity").annotate(void_count=void)
        orders = with_shown_state(super().get_base_queryset())
        return orders.prefetch_related(Prefetch("lines", queryset=lines))

    def search_queryset(self, queryset: QuerySet[Order]) -> QuerySet[Order]:
        """Finds by people, addresses and numbers of parcels and receipts (shop.orders.search)."""
        return find_orders(queryset, self.search_query) if self.is_searching else queryset


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
