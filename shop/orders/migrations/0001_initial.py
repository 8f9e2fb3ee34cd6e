import django.db.models.deletion
import django_countries.fields
import phonenumber_field.modelfields
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ConsentText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('terms', 'Terms of sale'), ('health_data', 'Use of health data'), ('truth', 'Truthful details')], max_length=20, verbose_name='kind')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('text', models.TextField(verbose_name='text')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'consent text',
                'ordering': ['kind', '-version'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'version'), name='one_text_per_version')],
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12, unique=True, verbose_name='code')),
                ('secret', models.CharField(max_length=64, unique=True)),
                ('status', models.CharField(choices=[('awaiting_payment', 'Awaiting payment'), ('paid', 'Paid'), ('dispatched', 'Dispatched'), ('cancelled', 'Cancelled')], default='awaiting_payment', max_length=20, verbose_name='status')),
                ('email', models.EmailField(db_index=True, max_length=254, verbose_name='e-mail')),
                ('buyer_name', models.CharField(db_index=True, max_length=150, verbose_name='name of the buyer')),
                ('phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None, verbose_name='telephone')),
                ('recipient_name', models.CharField(max_length=150, verbose_name='name on the parcel')),
                ('address_line_1', models.CharField(max_length=150, verbose_name='address')),
                ('address_line_2', models.CharField(blank=True, max_length=150, verbose_name='address, second line')),
                ('city', models.CharField(max_length=100, verbose_name='town or city')),
                ('region', models.CharField(blank=True, max_length=100, verbose_name='state or region')),
                ('postal_code', models.CharField(max_length=20, verbose_name='postal code')),
                ('country', django_countries.fields.CountryField(max_length=2, verbose_name='country')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('discount_code', models.CharField(blank=True, max_length=40, verbose_name='discount code')),
                ('discount_amount', models.PositiveBigIntegerField(default=0, verbose_name='discount')),
                ('total_amount', models.PositiveBigIntegerField(verbose_name='total')),
                ('search_text', models.TextField(blank=True, default='', editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='ordered')),
                ('paid_at', models.DateTimeField(blank=True, null=True, verbose_name='paid')),
                ('erased_at', models.DateTimeField(blank=True, null=True, verbose_name='erased')),
                ('basket_key', models.PositiveBigIntegerField(blank=True, editable=False, null=True)),
            ],
            options={
                'verbose_name': 'order',
                'ordering': ['-created_at', '-id'],
                'permissions': [('erase_order', "Can erase an order's personal data"), ('export_order', 'Can download lists of orders')],
                'indexes': [models.Index(fields=['-created_at', '-id'], name='orders_newest_first'), models.Index(fields=['status', '-created_at'], name='orders_by_status')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'awaiting_payment')), fields=('basket_key',), name='one_unpaid_order_of_a_basket')],
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sku', models.CharField(max_length=20, verbose_name='SKU')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('contents', models.JSONField(default=list, verbose_name='contents')),
                ('unit_amount', models.PositiveBigIntegerField(verbose_name='unit price')),
                ('quantity', models.PositiveSmallIntegerField(verbose_name='quantity')),
                ('discount_amount', models.PositiveBigIntegerField(default=0, verbose_name='discount')),
                ('tax_rate', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=5, verbose_name='tax rate')),
                ('tax_amount', models.PositiveBigIntegerField(default=0, verbose_name='tax included')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='orders.order')),
                ('origin_page', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.WAGTAIL_PAGE_MODEL, verbose_name='came from')),
                ('package', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='catalogue.package', verbose_name='package')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='OrderNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=2000, verbose_name='note')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='orders.order')),
            ],
            options={
                'verbose_name': 'note',
                'ordering': ['created_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Shipment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('carrier', models.CharField(max_length=60, verbose_name='carrier')),
                ('tracking_number', models.CharField(max_length=60, verbose_name='tracking number')),
                ('dispatched_at', models.DateTimeField(auto_now_add=True, verbose_name='dispatched')),
                ('dispatched_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shipments', to='orders.order')),
            ],
            options={
                'ordering': ['dispatched_at'],
            },
        ),
        migrations.CreateModel(
            name='TestedPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=150, verbose_name='name')),
                ('date_of_birth', models.DateField(null=True, verbose_name='date of birth')),
                ('sex_at_birth', models.CharField(choices=[('female', 'Female'), ('male', 'Male')], max_length=10, verbose_name='sex at birth')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='people', to='orders.order')),
            ],
            options={
                'verbose_name': 'tested person',
                'verbose_name_plural': 'tested people',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Kit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('voided_at', models.DateTimeField(blank=True, null=True, verbose_name='void')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kits', to='orders.orderline')),
                ('shipment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='kits', to='orders.shipment')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kits', to='orders.testedperson')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='TimelineEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('actor', models.CharField(choices=[('buyer', 'Buyer'), ('staff', 'Staff'), ('stripe', 'Stripe'), ('system', 'System')], max_length=10, verbose_name='actor')),
                ('data', models.JSONField(blank=True, default=dict)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='timeline', to='orders.order')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['created_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('dispute', 'A dispute is open'), ('fraud_warning', "The card's bank warns of fraud"), ('refunded', 'All of the money goes back')], max_length=20, verbose_name='reason')),
                ('occasion', models.CharField(blank=True, default='', max_length=60)),
                ('placed_at', models.DateTimeField(auto_now_add=True)),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holds', to='orders.order')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('order', 'kind', 'occasion'), name='one_hold_per_occasion')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('given_at', models.DateTimeField(auto_now_add=True)),
                ('text', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='orders.consenttext')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='orders.order')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('order', 'text'), name='one_consent_per_text')],
            },
        ),
        migrations.AddConstraint(
            model_name='testedperson',
            constraint=models.UniqueConstraint(fields=('order', 'position'), name='one_person_per_position'),
        ),
        migrations.AddConstraint(
            model_name='kit',
            constraint=models.UniqueConstraint(fields=('line', 'person'), name='one_kit_of_a_line_per_person'),
        ),
        migrations.AddConstraint(
            model_name='kit',
            constraint=models.CheckConstraint(condition=models.Q(('voided_at', None), ('shipment', None), _connector='OR'), name='no_void_kit_in_a_parcel'),
        ),
    ]
