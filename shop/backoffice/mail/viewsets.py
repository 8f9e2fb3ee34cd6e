"""The desk of mails: the outbox, and the wording of each kind."""

import django_filters
from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from shop.backoffice.generic import RecordViewSet, StateFilter
from shop.backoffice.mail import views, wordings
from shop.backoffice.permissions import CHANGE_WORDING
from shop.mail.models import MailState, OutboxMail


class OutboxFilterSet(WagtailFilterSet):
    state = StateFilter(choices=MailState, label=_("State"))
    created_at = django_filters.DateFromToRangeFilter(label=_("Created"), widget=DateRangePickerWidget)

    class Meta:
        model = OutboxMail
        fields: list[str] = []


class OutboxViewSet(RecordViewSet):
    name = "outbox"
    model = OutboxMail
    icon = "mail"
    menu_label = _("Outbox")
    list_display = views.MAIL_COLUMNS
    filterset_class = OutboxFilterSet
    search_fields = ["reference", "recipient", "subject"]
    ordering = ["-created_at", "-pk"]
    index_view_class = views.MailIndexView
    inspect_view_class = views.MailInspectView

    def get_urlpatterns(self):
        view = self.construct_action_view
        return [
            *super().get_urlpatterns(),
            path("body/<int:pk>/", views.mail_body, name="body"),
            path("resend/<int:pk>/", view(views.MailResendView), name="resend"),
            path("cancel/<int:pk>/", view(views.MailCancelView), name="cancel"),
        ]


class WordingMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(CHANGE_WORDING)


class WordingViewSet(ViewSet):
    name = "mail-texts"
    icon = "edit"
    menu_label = _("Mail texts")
    menu_item_class = WordingMenuItem

    def get_urlpatterns(self):
        return [
            path("", wordings.WordingIndexView.as_view(), name="index"),
            path("<slug:kind>/", wordings.WordingEditView.as_view(), name="edit"),
            path("<slug:kind>/preview/", wordings.preview_wording, name="preview"),
        ]
