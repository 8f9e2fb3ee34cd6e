"""Makes the groups that people belong to, each with no more than it needs."""

from django.db import migrations

ADMIN_ACCESS = [("wagtailadmin", "admin", "access_admin")]

# (app label, model, code names)
MODEL_PERMISSIONS = {
    "Editors": [
        ("catalogue", "package", ["view", "add", "change"]),
        ("catalogue", "biomarker", ["view", "add", "change"]),
        ("catalogue", "panel", ["view", "add", "change"]),
        ("articles", "category", ["view", "add", "change"]),
        ("articles", "person", ["view", "add", "change"]),
    ],
    "Clinical reviewers": [
        ("catalogue", "package", ["view"]),
        ("catalogue", "biomarker", ["view", "change"]),
        ("articles", "person", ["view"]),
    ],
    "Staff": [
        ("orders", "order", ["view", "change"]),
        ("orders", "consenttext", ["view", "add"]),
        ("mail", "outboxmail", ["view", "change"]),
        ("payments", "webhookevent", ["view", "change"]),
        ("catalogue", "package", ["view", "change"]),
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


def make_groups(apps, schema_editor):
    Group = apps.get_model("auth.Group")
    for name, rules in MODEL_PERMISSIONS.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set(
            [permission(apps, *rule) for rule in ADMIN_ACCESS]
            + [
                permission(apps, app_label, model, f"{action}_{model}")
                for app_label, model, actions in rules
                for action in actions
            ]
        )
        set_page_permissions(apps, group, PAGE_PERMISSIONS.get(name, []))
        set_collection_permissions(apps, group, COLLECTION_PERMISSIONS.get(name, []))
    give_review_to_clinicians(apps, Group.objects.get(name="Clinical reviewers"))


def permission(apps, app_label, model, codename):
    """The permission, made now if need be: Django makes permissions only after all migrations."""
    content_type, _created = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label=app_label, model=model
    )
    found, _created = apps.get_model("auth.Permission").objects.get_or_create(
        content_type=content_type,
        codename=codename,
        defaults={"name": f"Can {codename.replace('_', ' ')}"},
    )
    return found


def set_page_permissions(apps, group, actions):
    GroupPagePermission = apps.get_model("wagtailcore.GroupPagePermission")
    GroupPagePermission.objects.filter(group=group).delete()
    root = apps.get_model("wagtailcore.Page").objects.get(depth=1)
    for action in actions:
        GroupPagePermission.objects.create(
            group=group, page=root, permission=permission(apps, "wagtailcore", "page", f"{action}_page")
        )


def set_collection_permissions(apps, group, rules):
    GroupCollectionPermission = apps.get_model("wagtailcore.GroupCollectionPermission")
    GroupCollectionPermission.objects.filter(group=group).delete()
    root = apps.get_model("wagtailcore.Collection").objects.get(depth=1)
    for app_label, model, codenames in rules:
        for codename in codenames:
            GroupCollectionPermission.objects.create(
                group=group, collection=root, permission=permission(apps, app_label, model, codename)
            )


def give_review_to_clinicians(apps, reviewers):
    """Wagtail ships a workflow for its Moderators; here clinicians approve what editors submit."""
    for task in apps.get_model("wagtailcore.GroupApprovalTask").objects.filter(groups__name="Moderators"):
        task.name = "Clinical review"
        task.save()
        task.groups.set([reviewers])
    apps.get_model("wagtailcore.Workflow").objects.filter(name="Moderators approval").update(
        name="Clinical review"
    )
    apps.get_model("auth.Group").objects.filter(name="Moderators", user__isnull=True).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("users", "0001_initial"),
        ("articles", "0002_initial"),
        ("catalogue", "0002_initial"),
        ("mail", "0002_initial"),
        ("orders", "0002_initial"),
        ("payments", "0001_initial"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
