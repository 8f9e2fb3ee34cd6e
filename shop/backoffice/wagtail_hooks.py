"""What the backoffice adds to Wagtail's admin; this file only registers."""

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from shop.backoffice.dashboard import StaffPanel
from shop.backoffice.orders.export import EXPORT_ACTION, OrdersDownloaded
from shop.backoffice.permissions import (
    VIEW_ORDER,
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
    if request.user.has_perm(VIEW_ORDER):
        panels.insert(0, StaffPanel())


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action(EXPORT_ACTION)(OrdersDownloaded)
