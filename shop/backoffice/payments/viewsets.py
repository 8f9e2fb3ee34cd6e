"""The desk of payments: what Stripe told the shop."""

import django_filters
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from shop.backoffice.generic import RecordViewSet, StateFilter
from shop.backoffice.payments import views
from shop.payments.models import EventState, WebhookEvent


class StripeEventFilterSet(WagtailFilterSet):
    state = StateFilter(choices=EventState, label=_("State"))
    received_at = django_filters.DateFromToRangeFilter(label=_("Received"), widget=DateRangePickerWidget)

    class Meta:
        model = WebhookEvent
        fields: list[str] = []


class StripeEventViewSet(RecordViewSet):
    name = "payment-events"
    model = WebhookEvent
    icon = "history"
    menu_label = _("Stripe events")
    list_display = views.EVENT_COLUMNS
    filterset_class = StripeEventFilterSet
    search_fields = ["event_id", "object_id", "kind"]
    ordering = ["-received_at", "-pk"]
    inspect_view_class = views.EventInspectView

    def get_urlpatterns(self):
        retry = self.construct_action_view(views.EventRetryView)
        return [*super().get_urlpatterns(), path("retry/<int:pk>/", retry, name="retry")]
