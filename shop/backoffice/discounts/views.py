"""The list of discount codes."""

from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn

from cms.typed.text import clean_word_code
from shop.backoffice.generic import IdentityIndexView
from shop.discounts.models import DiscountCode, UseState

USE_COUNT = Count("uses", filter=~Q(uses__state=UseState.GIVEN_BACK))


class DiscountCodeIndexView(IdentityIndexView):
    page_title = gettext_lazy("Discount codes")

    def get_base_queryset(self) -> QuerySet[DiscountCode]:
        return super().get_base_queryset().annotate(use_count=USE_COUNT)

    def search_queryset(self, queryset: QuerySet[DiscountCode]) -> QuerySet[DiscountCode]:
        return queryset.filter(code__contains=clean_word_code(self.search_query))


def uses_display(code: DiscountCode) -> str:
    """Return how often it is used, reserved ones included, and how often it may be: "3 of 10"."""
    used = getattr(code, "use_count", 0)
    if code.total_limit is None:
        return str(used)
    return _("%(used)s of %(limit)s") % {"used": used, "limit": code.total_limit}


def state_display(code: DiscountCode, now: datetime | None = None) -> str:
    """Return whether buyers can use the code now, in one word or two."""
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
    StatusTagColumn("state", label=gettext_lazy("State"), accessor=state_display),
    Column("uses", label=gettext_lazy("Used"), accessor=uses_display, sort_key="use_count"),
    Column("customer_limit", label=gettext_lazy("For each customer"), sort_key="customer_limit"),
    DateColumn("valid_until", label=gettext_lazy("Valid until"), sort_key="valid_until"),
]
