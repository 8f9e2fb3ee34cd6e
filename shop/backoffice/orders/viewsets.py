"""The desk of orders, and the consent texts that buyers agree to."""

import django_filters
from django.db.models import QuerySet
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from shop.backoffice.generic import RecordViewSet, StateFilter
from shop.backoffice.orders import disputes, privacy, receipts, refunds, views
from shop.catalogue.models import Package
from shop.orders.models import ConsentText, Order, OrderLine
from shop.payments.order_states import ShownState, in_shown_states


class OrderFilterSet(WagtailFilterSet):
    status = StateFilter(choices=ShownState, label=_("Status"), method="filter_status")
    created_at = django_filters.DateFromToRangeFilter(label=_("Ordered"), widget=DateRangePickerWidget)
    package = django_filters.ModelChoiceFilter(
        queryset=Package.objects.all(), label=_("Package"), method="filter_package"
    )

    class Meta:
        model = Order
        fields: list[str] = []

    def filter_status(self, queryset: QuerySet[Order], name: str, states: list[str]) -> QuerySet[Order]:
        return in_shown_states(queryset, states) if states else queryset

    def filter_package(self, queryset: QuerySet[Order], name: str, package: Package) -> QuerySet[Order]:
        return queryset.filter(pk__in=OrderLine.objects.filter(package=package).values("order_id"))


class OrderViewSet(RecordViewSet):
    name = "orders"
    model = Order
    icon = "clipboard-list"
    menu_label = _("Orders")
    list_display = views.ORDER_COLUMNS
    filterset_class = OrderFilterSet
    search_fields = ["code", "email", "buyer_name"]
    ordering = ["-created_at", "-id"]
    export_filename = "orders"
    index_view_class = views.OrderIndexView
    inspect_view_class = views.OrderInspectView

    def get_urlpatterns(self):
        view = self.construct_action_view
        return [
            *super().get_urlpatterns(),
            path("dispatch/<int:pk>/", view(views.OrderDispatchView), name="dispatch"),
            path("note/<int:pk>/", view(views.OrderNoteView), name="note"),
            path("cancel/<int:pk>/", view(views.OrderCancelView), name="cancel"),
            path("renew-link/<int:pk>/", view(views.RenewLinkView), name="renew_link"),
            path("release/<int:pk>/<int:hold_pk>/", view(disputes.ReleaseView), name="release"),
            path("refund/<int:pk>/", view(refunds.OrderRefundView), name="refund"),
            path(
                "return-payment/<int:pk>/<int:payment_pk>/",
                view(refunds.ReturnPaymentView),
                name="return_payment",
            ),
            path("receipt/<int:pk>/", receipts.receipt_pdf, name="receipt"),
            path("export/<int:pk>/", privacy.export_personal_data, name="export"),
            path("erase/<int:pk>/", view(privacy.OrderEraseView), name="erase"),
        ]


class ConsentTextViewSet(ModelViewSet):
    name = "consent-texts"
    model = ConsentText
    icon = "doc-full"
    menu_label = _("Consent texts")
    list_display = ["kind", "version", "created_at"]
    ordering = ["kind", "-version"]
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = ["kind", "version", "text", "created_at"]
    add_to_reference_index = False
    panels = [FieldPanel("kind"), FieldPanel("version"), FieldPanel("text")]
