from django.db import migrations

from cms.typed.stored import clean_column
from cms.typed.text import clean_identity


def clean(apps, schema_editor):
    clean_column(apps.get_model("catalogue", "Package"), "sku", clean_identity)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0006_whom_a_package_suits")]

    operations = [migrations.RunPython(clean, migrations.RunPython.noop, elidable=True)]
