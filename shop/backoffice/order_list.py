"""The list of orders."""

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn

from shop.backoffice.order_export import OrderExportView
from shop.backoffice.order_words import buyer_of, packages_of, state_of
from shop.orders.models import Order, OrderLine
from shop.payments.order_states import TO_PACK, with_shown_state


class OrderIndexView(OrderExportView):
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
