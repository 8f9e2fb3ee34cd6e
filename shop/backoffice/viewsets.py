"""The desks in one menu."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSetGroup

from shop.backoffice.cases.viewsets import CaseViewSet
from shop.backoffice.discounts.viewsets import DiscountCodeViewSet
from shop.backoffice.mail.viewsets import OutboxViewSet, WordingViewSet
from shop.backoffice.orders.viewsets import ConsentTextViewSet, OrderViewSet
from shop.backoffice.payments.viewsets import StripeEventViewSet


class ShopViewSetGroup(ViewSetGroup):
    menu_label = _("Shop")
    menu_icon = "clipboard-list"
    menu_order = 200
    items = (
        OrderViewSet("orders"),
        CaseViewSet("cases"),
        OutboxViewSet("outbox"),
        WordingViewSet("mail-texts"),
        StripeEventViewSet("payment-events"),
        DiscountCodeViewSet("discount-codes"),
        ConsentTextViewSet("consent-texts"),
    )
