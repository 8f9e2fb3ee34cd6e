import django.core.validators
import django.db.models.deletion
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='DiscountCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='What buyers type; capital letters and spaces make no difference.', max_length=40, unique=True, verbose_name='code')),
                ('percentage', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0.01')), django.core.validators.MaxValueValidator(Decimal('100'))], verbose_name='percentage')),
                ('amount', models.PositiveBigIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='fixed amount')),
                ('currency', models.CharField(blank=True, default='', max_length=3, verbose_name='currency')),
                ('valid_from', models.DateTimeField(blank=True, null=True, verbose_name='valid from')),
                ('valid_until', models.DateTimeField(blank=True, null=True, verbose_name='valid until')),
                ('total_limit', models.PositiveIntegerField(blank=True, help_text='Empty: any number. An order that waits for its payment counts.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='uses in all')),
                ('customer_limit', models.PositiveIntegerField(blank=True, help_text='Empty: any number. Customers are told apart by their e-mail address.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='uses for each customer')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'discount code',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='DiscountedPackage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('discount_code', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='discounts.discountcode')),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.package')),
            ],
        ),
        migrations.AddField(
            model_name='discountcode',
            name='packages',
            field=models.ManyToManyField(blank=True, help_text='What the code makes cheaper; none chosen: every package.', related_name='+', through='discounts.DiscountedPackage', to='catalogue.package', verbose_name='packages'),
        ),
        migrations.CreateModel(
            name='DiscountUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_reference', models.CharField(max_length=60, unique=True, verbose_name='order')),
                ('customer_key', models.CharField(blank=True, max_length=64)),
                ('state', models.CharField(choices=[('reserved', 'Reserved'), ('used', 'Used'), ('given_back', 'Given back')], default='reserved', max_length=12, verbose_name='state')),
                ('reserved_at', models.DateTimeField(auto_now_add=True, verbose_name='reserved')),
                ('code', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='discounts.discountcode', verbose_name='code')),
            ],
            options={
                'verbose_name': 'use of a discount code',
                'verbose_name_plural': 'uses of discount codes',
                'ordering': ['-reserved_at', '-pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='discountedpackage',
            constraint=models.UniqueConstraint(fields=('discount_code', 'package'), name='a_package_once_in_a_code'),
        ),
        migrations.AddConstraint(
            model_name='discountcode',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount', None), ('currency', ''), ('percentage__gt', 0), ('percentage__isnull', False), ('percentage__lte', 100)), models.Q(('amount__gt', 0), ('amount__isnull', False), ('percentage', None), models.Q(('currency', ''), _negated=True)), _connector='OR'), name='a_percentage_or_an_amount_with_currency', violation_error_message='Give either a percentage, or a fixed amount and its currency.'),
        ),
        migrations.AddIndex(
            model_name='discountuse',
            index=models.Index(fields=['code', 'customer_key'], name='uses_of_a_customer'),
        ),
    ]
