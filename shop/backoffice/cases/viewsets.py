"""The desk of cases: what needs a person."""

import django_filters
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from cms.users.models import User
from shop.backoffice.cases import views
from shop.backoffice.generic import RecordViewSet, StateFilter
from shop.cases.models import Case, CaseKind, CaseState


class CaseFilterSet(WagtailFilterSet):
    state = StateFilter(choices=CaseState, label=_("State"))
    kind = StateFilter(choices=CaseKind, label=_("Kind"))
    taken_by = django_filters.ModelChoiceFilter(
        queryset=User.objects.filter(pk__in=Case.objects.exclude(taken_by=None).values("taken_by")),
        label=_("Taken by"),
    )

    class Meta:
        model = Case
        fields: list[str] = []


class CaseViewSet(RecordViewSet):
    name = "cases"
    model = Case
    icon = "warning"
    menu_label = _("Cases")
    list_display = views.CASE_COLUMNS
    filterset_class = CaseFilterSet
    search_fields = ["reference"]
    ordering = ["-created_at", "-id"]
    index_view_class = views.CaseIndexView
    inspect_view_class = views.CaseInspectView

    @property
    def menu_url(self):
        """What still waits; the ended ones are a filter away."""
        return f"{super().menu_url}?{views.UNSOLVED_QUERY}"

    def get_urlpatterns(self):
        view = self.construct_action_view
        return [
            *super().get_urlpatterns(),
            path("take/<int:pk>/", view(views.CaseTakeView), name="take"),
            path("hand-back/<int:pk>/", view(views.CaseHandBackView), name="hand_back"),
            path("end/<int:pk>/", view(views.CaseEndView), name="end"),
        ]
