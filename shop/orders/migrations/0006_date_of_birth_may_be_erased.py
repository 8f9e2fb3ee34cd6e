from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_erase_permission")]

    operations = [
        migrations.AlterField(
            model_name="testedperson",
            name="date_of_birth",
            field=models.DateField(null=True, verbose_name="date of birth"),
        ),
    ]
