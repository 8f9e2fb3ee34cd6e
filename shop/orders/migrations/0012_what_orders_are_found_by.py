from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0011_export_permission")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="search_text",
            field=models.TextField(blank=True, default="", editable=False),
        ),
    ]
