"""Lets the group Staff see disputes and let go an order that a fraud warning holds back."""

from django.db import migrations


def let_staff_see(apps, schema_editor):
    content_type, _created = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label="payments", model="dispute"
    )
    staff = apps.get_model("auth.Group").objects.get(name="Staff")
    for action in ("view", "change"):
        # Made now: Django makes permissions only after all migrations.
        permission, _created = apps.get_model("auth.Permission").objects.get_or_create(
            content_type=content_type,
            codename=f"{action}_dispute",
            defaults={"name": f"Can {action} dispute"},
        )
        staff.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("backoffice", "0002_staff_may_write_notes"),
        ("payments", "0004_disputes"),
    ]

    operations = [migrations.RunPython(let_staff_see, migrations.RunPython.noop)]
