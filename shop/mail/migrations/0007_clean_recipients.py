from django.db import migrations

from cms.typed.stored import clean_column
from cms.typed.text import clean_email


def clean(apps, schema_editor):
    clean_column(apps.get_model("mail", "OutboxMail"), "recipient", clean_email)


class Migration(migrations.Migration):
    dependencies = [("mail", "0006_who_cancelled")]

    operations = [migrations.RunPython(clean, migrations.RunPython.noop, elidable=True)]
