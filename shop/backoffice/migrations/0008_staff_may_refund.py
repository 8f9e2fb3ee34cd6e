"""Lets the group Staff see an order's refunds and give money back."""

from django.db import migrations


def let_staff_refund(apps, schema_editor):
    content_type, _created = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label="payments", model="refund"
    )
    staff = apps.get_model("auth.Group").objects.get(name="Staff")
    for action in ("view", "add"):
        # Made now: Django makes permissions only after all migrations.
        permission, _created = apps.get_model("auth.Permission").objects.get_or_create(
            content_type=content_type,
            codename=f"{action}_refund",
            defaults={"name": f"Can {action} refund"},
        )
        staff.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("backoffice", "0007_editors_may_word_mails"),
        ("payments", "0005_refunds"),
    ]

    operations = [migrations.RunPython(let_staff_refund, migrations.RunPython.noop)]
