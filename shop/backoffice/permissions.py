"""What staff need for what they see and do, and who may open the lists; roles.py says which group has it."""

from django.contrib.auth.models import AnonymousUser
from wagtail.permission_policies import ModelPermissionPolicy

from cms.users.models import User

VIEW_ORDER = "orders.view_order"
CHANGE_ORDER = "orders.change_order"
ERASE_ORDER = "orders.erase_order"
EXPORT_ORDERS = "orders.export_order"
ADD_NOTE = "orders.add_ordernote"
VIEW_CASE = "cases.view_case"
CHANGE_CASE = "cases.change_case"
VIEW_MAIL = "mail.view_outboxmail"
CHANGE_MAIL = "mail.change_outboxmail"
CHANGE_WORDING = "mail.change_mailwording"
CHANGE_EVENT = "payments.change_webhookevent"
VIEW_DISPUTE = "payments.view_dispute"
CHANGE_DISPUTE = "payments.change_dispute"
VIEW_REFUND = "payments.view_refund"
ADD_REFUND = "payments.add_refund"
VIEW_RECEIPT = "receipts.view_receipt"


class RecordPermissionPolicy(ModelPermissionPolicy):
    """Lets people with the view permission look, and nobody add, change or delete by hand."""

    def user_has_permission(self, user: User | AnonymousUser, action: str) -> bool:
        return action == "view" and super().user_has_permission(user, action)


class AppendOnlyPermissionPolicy(ModelPermissionPolicy):
    """Lets people add rows and look at them, and nobody change or delete one."""

    def user_has_permission(self, user: User | AnonymousUser, action: str) -> bool:
        return action in {"add", "view"} and super().user_has_permission(user, action)


class KeptPermissionPolicy(ModelPermissionPolicy):
    """Lets people add and change rows, and nobody delete one: it is switched off instead."""

    def user_has_permission(self, user: User | AnonymousUser, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)
