"""What staff filter their lists by, and how they search them."""

import django_filters
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.views import generic

from cms.typed.text import clean_identity
from cms.users.models import User
from shop.cases.models import Case, CaseKind, CaseState
from shop.catalogue.models import Package
from shop.mail.models import MailState, OutboxMail
from shop.orders.models import Order, OrderLine
from shop.payments.models import EventState, WebhookEvent
from shop.payments.order_states import ShownState, in_shown_states


class IdentityIndexView(generic.IndexView):
    """A list that is searched for codes and addresses, however they are typed."""

    @cached_property
    def search_query(self) -> str:
        return clean_identity(super().search_query)


class StateFilter(django_filters.MultipleChoiceFilter):
    """Any of several states of the row itself.

    No join repeats a row, so none is compared with all others by every column, the words of mails included.
    """

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, distinct=False, **kwargs)


class OrderFilterSet(WagtailFilterSet):
    status = StateFilter(choices=ShownState, label=_("Status"), method="in_states")
    created_at = django_filters.DateFromToRangeFilter(label=_("Ordered"), widget=DateRangePickerWidget)
    package = django_filters.ModelChoiceFilter(
        queryset=Package.objects.all(), label=_("Package"), method="with_package"
    )

    class Meta:
        model = Order
        fields: list[str] = []

    def in_states(self, queryset: QuerySet[Order], name: str, states: list[str]) -> QuerySet[Order]:
        return in_shown_states(queryset, states) if states else queryset

    def with_package(self, queryset: QuerySet[Order], name: str, package: Package) -> QuerySet[Order]:
        return queryset.filter(pk__in=OrderLine.objects.filter(package=package).values("order_id"))


class OutboxFilterSet(WagtailFilterSet):
    state = StateFilter(choices=MailState, label=_("State"))
    created_at = django_filters.DateFromToRangeFilter(label=_("Created"), widget=DateRangePickerWidget)

    class Meta:
        model = OutboxMail
        fields: list[str] = []


class StripeEventFilterSet(WagtailFilterSet):
    state = StateFilter(choices=EventState, label=_("State"))
    received_at = django_filters.DateFromToRangeFilter(label=_("Received"), widget=DateRangePickerWidget)

    class Meta:
        model = WebhookEvent
        fields: list[str] = []


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
