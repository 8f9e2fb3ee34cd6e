from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def take_from_packages(apps, _schema_editor):
    Package = apps.get_model("catalogue", "Package")
    currency = Package.objects.filter(pk=OuterRef("package_id")).values("currency")
    apps.get_model("checkout", "BasketLine").objects.update(seen_currency=Subquery(currency))


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0005_limited_stock"),
        ("checkout", "0004_discount_code_in_basket"),
    ]

    operations = [
        migrations.AddField("BasketLine", "seen_currency", models.CharField(default="USD", max_length=3), preserve_default=False),
        migrations.RunPython(take_from_packages, migrations.RunPython.noop),
    ]
