import cms.core.calendar
import cms.core.fields
import django.core.validators
import django.db.models.deletion
import django_countries.fields
import modelcluster.fields
import modelsearch.index
import wagtail.fields
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('images', '0001_initial'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Biomarker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=12, unique=True, verbose_name='key')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('loinc', models.CharField(max_length=10, verbose_name='LOINC code')),
                ('ucum', models.CharField(blank=True, max_length=30, verbose_name='unit (UCUM)')),
                ('si_loinc', models.CharField(blank=True, max_length=10, verbose_name='LOINC code for the SI unit')),
                ('si_ucum', models.CharField(blank=True, max_length=30, verbose_name='SI unit (UCUM)')),
                ('purpose', models.CharField(help_text='A few words: what it stands for.', max_length=120, verbose_name='purpose')),
                ('explanation', models.TextField(help_text='One or two sentences in plain words.', verbose_name='explanation')),
            ],
            options={
                'verbose_name': 'biomarker',
                'ordering': ['panel__position', 'position', 'name'],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='Package',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sku', models.CharField(max_length=20, unique=True, verbose_name='SKU')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('summary', models.CharField(help_text='One line, shown on cards and offers.', max_length=160, verbose_name='summary')),
                ('price_amount', models.PositiveBigIntegerField(validators=[django.core.validators.MinValueValidator(50)], verbose_name='price')),
                ('currency', models.CharField(default='USD', max_length=3, verbose_name='currency')),
                ('availability', models.CharField(choices=[('available', 'Available'), ('withdrawn', 'Withdrawn')], db_index=True, default='available', max_length=12, verbose_name='availability')),
                ('sample', models.CharField(choices=[('venous_blood', 'Venous blood'), ('blood_and_urine', 'Blood and urine'), ('urine_or_swab_and_blood', 'Urine or swab, and blood')], default='venous_blood', max_length=30, verbose_name='sample')),
                ('finger_prick_possible', models.BooleanField(default=False, verbose_name='finger-prick kit possible')),
                ('collection', models.TextField(help_text='How and where the sample is taken.', verbose_name='collection')),
                ('preparation', models.TextField(verbose_name='preparation')),
                ('turnaround_days', models.PositiveSmallIntegerField(help_text='Working days after the laboratory has the sample.', verbose_name='turnaround')),
                ('suitable_sex', models.CharField(choices=[('any', 'Everybody'), ('female', 'Women only'), ('male', 'Men only')], default='any', help_text='By sex at birth. It is sold for nobody else.', max_length=10, verbose_name='for whom')),
                ('minimum_age', models.PositiveSmallIntegerField(default=18, verbose_name='minimum age')),
                ('maximum_age', models.PositiveSmallIntegerField(blank=True, help_text='The last age, in completed years, at which it is sold. Empty: no limit.', null=True, verbose_name='maximum age')),
                ('stock_quantity', models.PositiveIntegerField(blank=True, help_text='How many can still be sold; orders count it down. Empty: any number.', null=True, verbose_name='left in stock')),
            ],
            options={
                'verbose_name': 'package',
                'ordering': ['name'],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='Panel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(unique=True, verbose_name='key')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('description', models.CharField(blank=True, max_length=250, verbose_name='description')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
            ],
            options={
                'verbose_name': 'panel',
                'ordering': ['position', 'name'],
            },
        ),
        migrations.CreateModel(
            name='PackageBiomarker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('biomarker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.biomarker')),
                ('package', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='contents', to='catalogue.package')),
            ],
            options={
                'ordering': ['biomarker__panel__position', 'biomarker__position'],
            },
        ),
        migrations.AddField(
            model_name='package',
            name='biomarkers',
            field=models.ManyToManyField(related_name='packages', through='catalogue.PackageBiomarker', to='catalogue.biomarker'),
        ),
        migrations.CreateModel(
            name='PackageIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, help_text='One or two sentences, shown below the title and on cards.', max_length=300, verbose_name='introduction')),
                ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='images.customimage', verbose_name='picture')),
            ],
            options={
                'verbose_name': 'health check index',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='PackagePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, help_text='One or two sentences, shown below the title and on cards.', max_length=300, verbose_name='introduction')),
                ('is_featured', models.BooleanField(default=False, verbose_name='featured on the home page')),
                ('for_whom', cms.core.fields.StreamField(blank=True, verbose_name='for whom')),
                ('not_for_whom', cms.core.fields.StreamField(blank=True, verbose_name='not for whom')),
                ('cannot_tell', wagtail.fields.RichTextField(blank=True, verbose_name='what it cannot tell')),
                ('sample_report', cms.core.fields.StreamField(blank=True, verbose_name='sample report')),
                ('doctor_note', models.TextField(blank=True, verbose_name="doctor's note in the sample report")),
                ('questions', cms.core.fields.StreamField(blank=True, verbose_name='questions')),
                ('package', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='page', to='catalogue.package', verbose_name='package')),
                ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='images.customimage', verbose_name='picture')),
            ],
            options={
                'verbose_name': 'health check',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.AddField(
            model_name='biomarker',
            name='panel',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='biomarkers', to='catalogue.panel', verbose_name='panel'),
        ),
        migrations.CreateModel(
            name='RelatedLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('page', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='related_links', to='catalogue.packagepage')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.WAGTAIL_PAGE_MODEL, verbose_name='page')),
            ],
            options={
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StockReservation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_reference', models.CharField(max_length=60)),
                ('quantity', models.PositiveSmallIntegerField()),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.package')),
            ],
        ),
        migrations.CreateModel(
            name='TaxRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', django_countries.fields.CountryField(max_length=2, verbose_name='country')),
                ('rate', models.DecimalField(decimal_places=2, max_digits=5, validators=[django.core.validators.MinValueValidator(Decimal('0')), django.core.validators.MaxValueValidator(Decimal('100'))], verbose_name='rate in percent')),
                ('valid_from', models.DateField(default=cms.core.calendar.site_today, verbose_name='valid from')),
                ('package', models.ForeignKey(blank=True, help_text='Empty: for all packages that have no rate of their own.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tax_rates', to='catalogue.package', verbose_name='package')),
            ],
            options={
                'verbose_name': 'tax rate',
                'ordering': ['country', 'package__name', '-valid_from'],
            },
        ),
        migrations.AddConstraint(
            model_name='packagebiomarker',
            constraint=models.UniqueConstraint(fields=('package', 'biomarker'), name='a_biomarker_once_in_a_package'),
        ),
        migrations.AddConstraint(
            model_name='package',
            constraint=models.CheckConstraint(condition=models.Q(('maximum_age', None), ('maximum_age__gte', models.F('minimum_age')), _connector='OR'), name='a_package_is_for_some_age'),
        ),
        migrations.AddConstraint(
            model_name='stockreservation',
            constraint=models.UniqueConstraint(fields=('order_reference', 'package'), name='one_stock_reservation_of_an_order'),
        ),
        migrations.AddConstraint(
            model_name='taxrate',
            constraint=models.UniqueConstraint(fields=('package', 'country', 'valid_from'), name='one_tax_rate_of_a_package_a_day'),
        ),
        migrations.AddConstraint(
            model_name='taxrate',
            constraint=models.UniqueConstraint(condition=models.Q(('package', None)), fields=('country', 'valid_from'), name='one_tax_rate_of_a_country_a_day'),
        ),
    ]
