"""Lets the group Staff see cases, take them and end them."""

from django.db import migrations


def let_staff_act(apps, schema_editor):
    staff = apps.get_model("auth.Group").objects.get(name="Staff")
    content_type, _created = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label="cases", model="case"
    )
    for action in ("view", "change"):
        # Made now: Django makes permissions only after all migrations.
        permission, _created = apps.get_model("auth.Permission").objects.get_or_create(
            content_type=content_type, codename=f"{action}_case", defaults={"name": f"Can {action} case"}
        )
        staff.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("backoffice", "0005_staff_may_erase"),
        ("cases", "0002_take_and_end"),
    ]

    operations = [migrations.RunPython(let_staff_act, migrations.RunPython.noop)]
