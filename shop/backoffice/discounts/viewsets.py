"""The desk of discount codes."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.viewsets.model import ModelViewSet

from shop.backoffice.discounts import views
from shop.backoffice.discounts.forms import DiscountCodeForm
from shop.catalogue.models import Package
from shop.discounts.models import DiscountCode


class ValidityFilter(django_filters.ChoiceFilter):
    """Whether buyers can use the codes today, could before, or will be able to."""

    def __init__(self, **kwargs) -> None:
        choices = [("now", _("Now")), ("later", _("Later")), ("over", _("Over or switched off"))]
        super().__init__(choices=choices, method=self._apply, **kwargs)

    @staticmethod
    def _apply(queryset: QuerySet[DiscountCode], name: str, value: str) -> QuerySet[DiscountCode]:
        now = timezone.now()
        over = Q(is_active=False) | Q(valid_until__lte=now)
        later = Q(valid_from__gt=now)
        chosen = {"over": over, "later": later & ~over, "now": ~over & ~later}
        return queryset.filter(chosen[value])


class DiscountCodeFilterSet(WagtailFilterSet):
    validity = ValidityFilter(label=_("Valid"))
    package = django_filters.ModelChoiceFilter(
        field_name="packages", queryset=Package.objects.all(), label=_("Package")
    )

    class Meta:
        model = DiscountCode
        fields: list[str] = []


class DiscountCodeViewSet(ModelViewSet):
    name = "discount-codes"
    model = DiscountCode
    icon = "tag"
    menu_label = _("Discount codes")
    index_view_class = views.DiscountCodeIndexView
    list_display = views.CODE_COLUMNS
    filterset_class = DiscountCodeFilterSet
    search_backend_name = None
    search_fields = ["code"]
    ordering = ["-created_at", "-pk"]
    copy_view_enabled = False
    add_to_reference_index = False
    edit_handler = ObjectList(
        [
            FieldPanel("code"),
            FieldRowPanel(
                [FieldPanel("percentage"), FieldPanel("amount"), FieldPanel("currency")],
                heading=_("Takes off"),
            ),
            FieldPanel("packages", widget=forms.CheckboxSelectMultiple),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]),
                    FieldRowPanel([FieldPanel("total_limit"), FieldPanel("customer_limit")]),
                    FieldPanel("is_active"),
                ],
                heading=_("When and how often"),
            ),
        ],
        base_form_class=DiscountCodeForm,
    )
