from django.db import migrations

from cms.typed.stored import clean_column
from cms.typed.text import clean_word_code


def clean(apps, schema_editor):
    clean_column(apps.get_model("discounts", "DiscountCode"), "code", clean_word_code)


class Migration(migrations.Migration):
    dependencies = [("discounts", "0001_initial")]

    operations = [migrations.RunPython(clean, migrations.RunPython.noop, elidable=True)]
