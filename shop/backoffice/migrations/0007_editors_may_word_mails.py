"""Lets the group Editors change the wording of mails; they still see no mail that was sent."""

from django.db import migrations


def let_editors_word(apps, schema_editor):
    content_type, _created = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label="mail", model="mailwording"
    )
    # Made now: Django makes permissions only after all migrations.
    permission, _created = apps.get_model("auth.Permission").objects.get_or_create(
        content_type=content_type,
        codename="change_mailwording",
        defaults={"name": "Can change mail wording"},
    )
    apps.get_model("auth.Group").objects.get(name="Editors").permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("backoffice", "0006_staff_deal_with_cases"),
        ("mail", "0004_wordings"),
    ]

    operations = [migrations.RunPython(let_editors_word, migrations.RunPython.noop)]
