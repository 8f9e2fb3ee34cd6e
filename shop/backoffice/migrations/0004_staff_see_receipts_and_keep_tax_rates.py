"""Lets the group Staff see receipts and keep the tax rates."""

from django.db import migrations

# (app label, model, actions)
RULES = [("receipts", "receipt", ["view"]), ("catalogue", "taxrate", ["view", "add", "change"])]


def let_staff(apps, schema_editor):
    staff = apps.get_model("auth.Group").objects.get(name="Staff")
    for app_label, model, actions in RULES:
        content_type, _created = apps.get_model("contenttypes.ContentType").objects.get_or_create(
            app_label=app_label, model=model
        )
        for action in actions:
            # Made now: Django makes permissions only after all migrations.
            permission, _created = apps.get_model("auth.Permission").objects.get_or_create(
                content_type=content_type,
                codename=f"{action}_{model}",
                defaults={"name": f"Can {action} {model}"},
            )
            staff.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("backoffice", "0003_staff_may_see_disputes"),
        ("catalogue", "0004_tax_rates"),
        ("receipts", "0001_initial"),
    ]

    operations = [migrations.RunPython(let_staff, migrations.RunPython.noop)]
