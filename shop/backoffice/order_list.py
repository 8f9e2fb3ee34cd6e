"""The list of orders."""

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views import generic

from shop.orders.models import Order, OrderLine, OrderStatus


class OrderIndexView(generic.IndexView):
    page_title = _("Orders")

    def get_base_queryset(self) -> QuerySet[Order]:
        lines = OrderLine.objects.only("order_id", "sku", "quantity")
        return super().get_base_queryset().prefetch_related(Prefetch("lines", queryset=lines))

    def search_queryset(self, queryset: QuerySet[Order]) -> QuerySet[Order]:
        """Finds by code, by the start of the e-mail address, or by a part of the buyer's name."""
        if not self.is_searching:
            return queryset
        words = self.search_query.strip()
        return queryset.filter(
            Q(code=words.upper()) | Q(email__istartswith=words) | Q(buyer_name__icontains=words)
        )


def packages_of(order: Order) -> str:
    """The SKUs of an order's lines; the list never shows what a package measures."""
    if order.erased_at:
        return "–"
    return ", ".join(f"{line.quantity} × {line.sku}" for line in order.lines.all())


def buyer_of(order: Order) -> str:
    """Who ordered, as long as the shop may know it."""
    return str(_("erased")) if order.erased_at else order.buyer_name


ORDER_COLUMNS = [
    "code",
    Column("buyer_name", label=_("Buyer"), accessor=buyer_of, sort_key="buyer_name"),
    StatusTagColumn(
        "get_status_display",
        label=_("Status"),
        sort_key="status",
        primary=lambda order: order.status == OrderStatus.PAID,
    ),
    Column("packages", label=_("Packages"), accessor=packages_of),
    Column("total", label=_("Total"), sort_key="total_amount"),
    DateColumn("created_at", label=_("Ordered"), sort_key="created_at"),
]
