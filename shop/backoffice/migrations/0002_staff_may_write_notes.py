"""Lets the group Staff write notes about an order."""

from django.db import migrations


def let_staff_write(apps, schema_editor):
    content_type, _created = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label="orders", model="ordernote"
    )
    # Made now: Django makes permissions only after all migrations.
    permission, _created = apps.get_model("auth.Permission").objects.get_or_create(
        content_type=content_type, codename="add_ordernote", defaults={"name": "Can add note"}
    )
    apps.get_model("auth.Group").objects.get(name="Staff").permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("backoffice", "0001_groups_and_clinical_review"),
        ("orders", "0004_order_notes"),
    ]

    operations = [migrations.RunPython(let_staff_write, migrations.RunPython.noop)]
