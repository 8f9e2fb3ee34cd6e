"""Lets the group Staff erase an order's personal data."""

from django.db import migrations


def let_staff_erase(apps, schema_editor):
    content_type, _created = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label="orders", model="order"
    )
    # Made now: Django makes permissions only after all migrations.
    permission, _created = apps.get_model("auth.Permission").objects.get_or_create(
        content_type=content_type,
        codename="erase_order",
        defaults={"name": "Can erase an order's personal data"},
    )
    apps.get_model("auth.Group").objects.get(name="Staff").permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("backoffice", "0004_staff_see_receipts_and_keep_tax_rates"),
        ("orders", "0005_erase_permission"),
    ]

    operations = [migrations.RunPython(let_staff_erase, migrations.RunPython.noop)]
