"""The list of orders as a file: the columns that staff work with, in one pass however many there are."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.views import generic
from wagtail.log_actions import LogFormatter, log

from cms.core.money import to_decimal
from shop.backoffice.orders.display import buyer_display, packages_display, status_display
from shop.backoffice.permissions import EXPORT_ORDERS
from shop.orders.models import Order

EXPORT_ACTION = "shop.export_orders"  # in Wagtail's log
CHUNK = 500  # orders that are in memory at once, and for which lines are read together

COLUMNS: dict[str, tuple[str | Promise, Callable[[Order], Any]]] = {
    "code": (_("Code"), lambda order: order.code),
    "ordered": (_("Ordered"), lambda order: order.created_at),
    "paid": (_("Paid"), lambda order: order.paid_at),
    "status": (_("Status"), status_display),
    "buyer": (_("Buyer"), buyer_display),
    "email": (_("E-mail"), lambda order: order.email),
    "country": (_("Country"), lambda order: str(order.country)),
    "packages": (_("Packages"), packages_display),
    "discount": (_("Discount"), lambda order: to_decimal(order.discount_amount, order.currency)),
    "total": (_("Total"), lambda order: to_decimal(order.total_amount, order.currency)),
    "currency": (_("Currency"), lambda order: order.currency),
}


class OrderExportView(generic.IndexView):
    """A list that gives a file to who may have it, and writes down who took it."""

    export_headings = {name: heading for name, (heading, _value) in COLUMNS.items()}

    @cached_property
    def list_export(self) -> list[str]:
        """The columns; none for somebody who may look at orders and not take them away."""
        return list(COLUMNS) if self.request.user.has_perm(EXPORT_ORDERS) else []

    def to_row_dict(self, order: Order) -> dict[str, Any]:
        return {name: value(order) for name, (_heading, value) in COLUMNS.items()}

    def as_spreadsheet(self, orders: QuerySet[Order], export_format: str) -> HttpResponseBase:
        """Return the file. The log says how many and by which filters; no search, which may be a name."""
        request = self.request
        filters = sorted(name for name, value in request.GET.items() if value and name != "export")
        data = {"count": orders.count(), "format": export_format, "filters": filters}
        log(instance=request.user, action=EXPORT_ACTION, user=request.user, data=data)
        response = super().as_spreadsheet(orders.iterator(chunk_size=CHUNK), export_format)
        response["Cache-Control"] = "no-store, private"
        return response


class OrdersDownloaded(LogFormatter):
    label = _("Download orders")

    def format_message(self, log_entry) -> str:
        count = log_entry.data.get("count", 0)
        return ngettext("%d order was downloaded", "%d orders were downloaded", count) % count
