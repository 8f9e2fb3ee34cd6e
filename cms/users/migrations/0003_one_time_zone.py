from django.db import migrations


def forget_time_zones(apps, schema_editor):
    """The admin shows everybody the site's dates now; a time zone of one's own can no longer be chosen."""
    profiles = apps.get_model("wagtailusers", "UserProfile").objects
    profiles.exclude(current_time_zone="").update(current_time_zone="")


class Migration(migrations.Migration):
    dependencies = [
        ("users", "0002_names_however_typed"),
        ("wagtailusers", "0015_userprofile_keyboard_shortcuts"),
    ]

    operations = [migrations.RunPython(forget_time_zones, migrations.RunPython.noop)]
