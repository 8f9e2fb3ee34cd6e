"""What each group of people may do, in one table, and how a migration makes the groups so."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps as current_apps

ADMIN_ACCESS = [("wagtailadmin", "admin", ["access_admin"])]

# (app label, model, code names); a verb stands for Django's own code name, `view` for `view_order`.
MODEL_PERMISSIONS = {
    "Editors": [
        ("catalogue", "package", ["view", "add", "change"]),
        ("catalogue", "biomarker", ["view", "add", "change"]),
        ("catalogue", "panel", ["view", "add", "change"]),
        ("articles", "category", ["view", "add", "change"]),
        ("articles", "person", ["view", "add", "change"]),
        ("mail", "mailwording", ["change"]),
    ],
    "Clinical reviewers": [
        ("catalogue", "package", ["view"]),
        ("catalogue", "biomarker", ["view", "change"]),
        ("articles", "person", ["view"]),
    ],
    "Staff": [
        ("orders", "order", ["view", "change", "erase", "export"]),
        ("orders", "ordernote", ["add"]),
        ("orders", "consenttext", ["view", "add"]),
        ("mail", "outboxmail", ["view", "change"]),
        ("payments", "webhookevent", ["view", "change"]),
        ("payments", "dispute", ["view", "change"]),
        ("payments", "refund", ["view", "add"]),
        ("receipts", "receipt", ["view"]),
        ("cases", "case", ["view", "change"]),
        ("discounts", "discountcode", ["view", "add", "change"]),
        ("catalogue", "package", ["view", "change"]),
        ("catalogue", "taxrate", ["view", "add", "change"]),
    ],
}
PAGE_PERMISSIONS = {
    "Editors": ["add", "change"],
    "Clinical reviewers": ["change", "publish", "lock"],
}
COLLECTION_PERMISSIONS = {
    "Editors": [
        ("wagtailimages", "image", ["add_image", "change_image", "choose_image"]),
        ("wagtaildocs", "document", ["add_document", "change_document", "choose_document"]),
    ],
}


def make_groups(apps: Any, schema_editor: Any) -> None:
    """Make the groups as the tables have them, whatever they could do before; for `migrations.RunPython`.

    Whoever changes a table adds a migration that calls it again. Raise LookupError for a permission that no
    model has.
    """
    for name, rules in MODEL_PERMISSIONS.items():
        group, _created = apps.get_model("auth.Group").objects.get_or_create(name=name)
        group.permissions.set(_permissions(apps, [*ADMIN_ACCESS, *rules]))
        _set_page_permissions(apps, group, PAGE_PERMISSIONS.get(name, []))
        _set_collection_permissions(apps, group, COLLECTION_PERMISSIONS.get(name, []))


def give_review_to_clinicians(apps: Any, schema_editor: Any) -> None:
    """Let clinicians approve what editors submit, where Wagtail ships a workflow for its Moderators."""
    reviewers = apps.get_model("auth.Group").objects.get(name="Clinical reviewers")
    for task in apps.get_model("wagtailcore.GroupApprovalTask").objects.filter(groups__name="Moderators"):
        task.name = "Clinical review"
        task.save()
        task.groups.set([reviewers])
    apps.get_model("wagtailcore.Workflow").objects.filter(name="Moderators approval").update(
        name="Clinical review"
    )
    apps.get_model("auth.Group").objects.filter(name="Moderators", user__isnull=True).delete()


def _permissions(apps: Any, rules: Iterable[tuple[str, str, list[str]]]) -> list[Any]:
    return [
        _permission(apps, app_label, model, action if "_" in action else f"{action}_{model}")
        for app_label, model, actions in rules
        for action in actions
    ]


def _permission(apps: Any, app_label: str, model: str, codename: str) -> Any:
    """Return the permission, made now if need be: Django makes permissions only after all migrations."""
    meta = current_apps.get_model(app_label, model)._meta
    names = {f"{verb}_{model}": f"Can {verb} {meta.verbose_name_raw}" for verb in meta.default_permissions}
    names.update(meta.permissions)
    content_type, _created = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label=app_label, model=model
    )
    found, _created = apps.get_model("auth.Permission").objects.get_or_create(
        content_type=content_type,
        codename=codename,
        defaults={"name": str(names[codename])},
    )
    return found


def _set_page_permissions(apps: Any, group: Any, actions: list[str]) -> None:
    GroupPagePermission = apps.get_model("wagtailcore.GroupPagePermission")
    GroupPagePermission.objects.filter(group=group).delete()
    root = apps.get_model("wagtailcore.Page").objects.get(depth=1)
    for permission in _permissions(apps, [("wagtailcore", "page", actions)]):
        GroupPagePermission.objects.create(group=group, page=root, permission=permission)


def _set_collection_permissions(apps: Any, group: Any, rules: list[tuple[str, str, list[str]]]) -> None:
    GroupCollectionPermission = apps.get_model("wagtailcore.GroupCollectionPermission")
    GroupCollectionPermission.objects.filter(group=group).delete()
    root = apps.get_model("wagtailcore.Collection").objects.get(depth=1)
    for permission in _permissions(apps, rules):
        GroupCollectionPermission.objects.create(group=group, collection=root, permission=permission)
