from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.log_actions import LogFormatter
from wagtail.permissions import register_permission_policy

from shop.backoffice.dashboard import StaffPanel
from shop.backoffice.orders.export import LOGGED
from shop.backoffice.permissions import (
    AppendOnlyPermissionPolicy,
    KeptPermissionPolicy,
    RecordPermissionPolicy,
)
from shop.backoffice.viewsets import ShopViewSetGroup
from shop.cases.models import Case
from shop.discounts.models import DiscountCode
from shop.mail.models import OutboxMail
from shop.orders.models import ConsentText, Order
from shop.payments.models import WebhookEvent

for model in (Order, Case, OutboxMail, WebhookEvent):
    register_permission_policy(model, RecordPermissionPolicy(model))
register_permission_policy(DiscountCode, KeptPermissionPolicy(DiscountCode))
register_permission_policy(ConsentText, AppendOnlyPermissionPolicy(ConsentText))


@hooks.register("register_admin_viewset")
def register_shop():
    return ShopViewSetGroup()


@hooks.register("construct_homepage_panels")
def add_staff_panel(request, panels):
    if request.user.has_perm("orders.view_order"):
        panels.insert(0, StaffPanel())


@hooks.register("register_log_actions")
def register_log_actions(actions):
    @actions.register_action(LOGGED)
    class OrdersDownloaded(LogFormatter):
        label = _("Download orders")

        def format_message(self, log_entry):
            count = log_entry.data.get("count", 0)
            return ngettext("%d order was downloaded", "%d orders were downloaded", count) % count
