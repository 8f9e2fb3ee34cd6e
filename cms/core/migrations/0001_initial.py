import cms.core.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='SiteSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('strapline', models.CharField(blank=True, max_length=200, verbose_name='strapline')),
                ('footer_notice', models.TextField(blank=True, help_text='Shown at the foot of every page.', verbose_name='footer notice')),
                ('laboratory_codes_notice', models.TextField(blank=True, verbose_name='notice about laboratory codes')),
                ('emergency_advice', models.CharField(blank=True, help_text='What to do in an emergency; shown in the footer.', max_length=250, verbose_name='emergency advice')),
                ('emergency_number', models.CharField(blank=True, help_text='Called by who searches for words of a crisis. Empty: “your emergency number”.', max_length=30, validators=[django.core.validators.RegexValidator('^\\+?[0-9][0-9 ()-]*$', 'Only digits, spaces, hyphens and brackets, as it is dialled.')], verbose_name='emergency number')),
                ('helplines', cms.core.fields.StreamField(blank=True, default=[('helpline', {'helps_with': 'anything', 'name': 'Find A Helpline', 'note': 'Helplines in your country.', 'number': '', 'url': 'https://findahelpline.com/'})], help_text='Shown above all results to who searches for words of a crisis.', verbose_name='helplines')),
                ('support_email', models.EmailField(blank=True, max_length=254, verbose_name='support e-mail')),
                ('staff_email', models.EmailField(blank=True, help_text='New orders are announced to this address. Without it nobody is told.', max_length=254, verbose_name='staff e-mail')),
                ('postal_address', models.TextField(blank=True, verbose_name='postal address')),
                ('site', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'site settings',
            },
        ),
    ]
