from django.db import migrations

from cms.typed.stored import clean_column
from cms.typed.text import clean_email, clean_identity


def clean(apps, schema_editor):
    clean_column(apps.get_model("orders", "Order"), "email", clean_email)
    clean_column(apps.get_model("orders", "Shipment"), "tracking_number", clean_identity)


class Migration(migrations.Migration):
    dependencies = [("orders", "0008_basket_of_an_order")]

    operations = [migrations.RunPython(clean, migrations.RunPython.noop, elidable=True)]
