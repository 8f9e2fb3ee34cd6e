from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0002_payment_address_of_any_length'),
    ]

    operations = [
        migrations.AlterField(
            model_name='payment',
            name='expires_at',
            field=models.DateTimeField(verbose_name='expires'),
        ),
    ]
