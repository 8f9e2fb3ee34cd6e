"""Lets the group Staff download lists of orders."""

from django.db import migrations


def let_staff_export(apps, schema_editor):
    content_type, _created = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label="orders", model="order"
    )
    # Made now: Django makes permissions only after all migrations.
    permission, _created = apps.get_model("auth.Permission").objects.get_or_create(
        content_type=content_type,
        codename="export_order",
        defaults={"name": "Can download lists of orders"},
    )
    apps.get_model("auth.Group").objects.get(name="Staff").permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("backoffice", "0009_staff_keep_discount_codes"),
        ("orders", "0011_export_permission"),
    ]

    operations = [migrations.RunPython(let_staff_export, migrations.RunPython.noop)]
