"""Discount codes: how staff list and write them, and what a code took off on an order's screen."""

from datetime import datetime

import django_filters
from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn

from cms.core.currencies import currency_of, to_decimal
from cms.core.money import MinorUnitsField, format_money
from cms.typed.text import clean_word_code
from shop.backoffice.filters import IdentityIndexView
from shop.catalogue.models import Package
from shop.discounts.models import DiscountCode, UseState
from shop.orders.models import Order

STANDING = Count("uses", filter=~Q(uses__state=UseState.GIVEN_BACK))


class DiscountCodeIndexView(IdentityIndexView):
    page_title = gettext_lazy("Discount codes")

    def get_base_queryset(self) -> QuerySet[DiscountCode]:
        return super().get_base_queryset().annotate(use_count=STANDING)

    def search_queryset(self, queryset: QuerySet[DiscountCode]) -> QuerySet[DiscountCode]:
        return queryset.filter(code__contains=clean_word_code(self.search_query))


class DiscountCodeForm(WagtailAdminModelForm):
    """Takes the fixed amount in major units, of a currency that packages are priced in."""

    amount = MinorUnitsField(required=False)
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"), help_text=gettext_lazy("Of the fixed amount.")
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.initial["currency"] = self.instance.currency or Package.objects.usual_currency()
        self.amount_currency = self._chosen_currency(self._currencies())
        self.fields["amount"] = MinorUnitsField(
            currency=self.amount_currency,
            label=_("Fixed amount")
            if "currency" in self.fields
            else _("Fixed amount in %(currency)s") % {"currency": self.amount_currency},
            required=False,
            min_value=to_decimal(currency_of(self.amount_currency).step, self.amount_currency),
            help_text=_("Taken off once from the whole order. Give this or a percentage."),
        )

    def _currencies(self) -> list[str]:
        priced = Package.objects.available().order_by().values_list("currency", flat=True).distinct()
        return sorted({*priced, self.initial["currency"]})

    def _chosen_currency(self, currencies: list[str]) -> str:
        """The currency of the amount; it is asked for only where there is a choice."""
        if len(currencies) == 1:
            del self.fields["currency"]
            return currencies[0]
        self.fields["currency"].choices = [(code, code) for code in currencies]
        chosen = self.data.get(self.add_prefix("currency")) if self.is_bound else None
        return chosen if chosen in currencies else self.initial["currency"]

    def clean_code(self) -> str:
        return clean_word_code(self.cleaned_data["code"])

    def clean(self) -> dict:
        cleaned = super().clean()
        percentage, amount = cleaned.get("percentage"), cleaned.get("amount")
        if percentage is not None and amount is not None:
            self.add_error("amount", _("Give a percentage or a fixed amount, not both."))
        elif percentage is None and amount is None and not {"percentage", "amount"} & set(self.errors):
            self.add_error("percentage", _("Give a percentage or a fixed amount."))
        self.instance.currency = self.amount_currency if amount is not None else ""
        if "currency" in self.fields:
            cleaned["currency"] = self.instance.currency
        return cleaned


class Validity(django_filters.ChoiceFilter):
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
    validity = Validity(label=gettext_lazy("Valid"))
    package = django_filters.ModelChoiceFilter(
        field_name="packages", queryset=Package.objects.all(), label=gettext_lazy("Package")
    )

    class Meta:
        model = DiscountCode
        fields: list[str] = []


def uses_of(code: DiscountCode) -> str:
    """How often it is used, reserved ones included, and how often it may be: "3 of 10"."""
    used = getattr(code, "use_count", 0)
    if code.total_limit is None:
        return str(used)
    return _("%(used)s of %(limit)s") % {"used": used, "limit": code.total_limit}


def state_of(code: DiscountCode, now: datetime | None = None) -> str:
    """Whether buyers can use the code now, in one word or two."""
    now = now or timezone.now()
    if not code.is_active:
        return _("switched off")
    if code.valid_until and code.valid_until <= now:
        return _("over")
    if code.valid_from and code.valid_from > now:
        return _("not yet")
    if code.total_limit is not None and getattr(code, "use_count", 0) >= code.total_limit:
        return _("used up")
    return _("valid")


CODE_COLUMNS = [
    "code",
    Column("value", label=gettext_lazy("Takes off")),
    StatusTagColumn("state", label=gettext_lazy("State"), accessor=state_of),
    Column("uses", label=gettext_lazy("Used"), accessor=uses_of, sort_key="use_count"),
    Column("customer_limit", label=gettext_lazy("For each customer"), sort_key="customer_limit"),
    DateColumn("valid_until", label=gettext_lazy("Valid until"), sort_key="valid_until"),
]

CODE_EDIT_HANDLER = ObjectList(
    [
        FieldPanel("code"),
        FieldRowPanel(
            [FieldPanel("percentage"), FieldPanel("amount"), FieldPanel("currency")],
            heading=gettext_lazy("Takes off"),
        ),
        FieldPanel("packages", widget=forms.CheckboxSelectMultiple),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]),
                FieldRowPanel([FieldPanel("total_limit"), FieldPanel("customer_limit")]),
                FieldPanel("is_active"),
            ],
            heading=gettext_lazy("When and how often"),
        ),
    ],
    base_form_class=DiscountCodeForm,
)


def discount_rows(order: Order) -> dict | None:
    """What the code took off, for the order's screen; None without a discount."""
    if not order.discount_amount:
        return None
    before = order.total_amount + order.discount_amount
    return {
        "code": order.discount_code,
        "before": format_money(before, order.currency),
        "amount": order.discount,
    }
