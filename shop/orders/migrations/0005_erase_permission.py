from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_order_notes")]

    operations = [
        migrations.AlterModelOptions(
            name="order",
            options={
                "ordering": ["-created_at", "-id"],
                "permissions": [("erase_order", "Can erase an order's personal data")],
                "verbose_name": "order",
            },
        ),
    ]
