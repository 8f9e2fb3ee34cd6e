"""Orders, mails and events are records: staff act on them by buttons, nobody edits a row in a form."""

from django.contrib.auth.models import AnonymousUser
from wagtail.permission_policies import ModelPermissionPolicy

from cms.users.models import User


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
