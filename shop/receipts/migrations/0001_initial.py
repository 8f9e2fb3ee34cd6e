import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('orders', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReceiptCounter',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('last_number', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='number')),
                ('kind', models.CharField(choices=[('receipt', 'Receipt'), ('correction', 'Correction'), ('reversal', 'Reversal of a correction')], max_length=10, verbose_name='kind')),
                ('occasion', models.CharField(blank=True, default='', max_length=60)),
                ('issued_at', models.DateTimeField(verbose_name='issued')),
                ('data', models.JSONField()),
                ('pdf', models.BinaryField(null=True)),
                ('sha256', models.CharField(blank=True, default='', max_length=64)),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
                ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='receipts.receipt')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='orders.order')),
            ],
            options={
                'verbose_name': 'receipt',
                'ordering': ['issued_at', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('order', 'kind', 'occasion'), name='one_receipt_per_occasion')],
            },
        ),
    ]
