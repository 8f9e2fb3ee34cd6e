"""Lets the group Staff see, make and change discount codes."""

from django.db import migrations


def let_staff(apps, schema_editor):
    content_type, _created = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label="discounts", model="discountcode"
    )
    staff = apps.get_model("auth.Group").objects.get(name="Staff")
    for action in ("view", "add", "change"):
        # Made now: Django makes permissions only after all migrations.
        permission, _created = apps.get_model("auth.Permission").objects.get_or_create(
            content_type=content_type,
            codename=f"{action}_discountcode",
            defaults={"name": f"Can {action} discount code"},
        )
        staff.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("backoffice", "0008_staff_may_refund"),
        ("discounts", "0001_initial"),
    ]

    operations = [migrations.RunPython(let_staff, migrations.RunPython.noop)]
