import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MailWording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, unique=True, verbose_name='kind')),
                ('subject', models.CharField(blank=True, max_length=200, verbose_name='subject')),
                ('heading', models.CharField(blank=True, max_length=200, verbose_name='heading')),
                ('before', models.TextField(blank=True, verbose_name='text before the button')),
                ('button', models.CharField(blank=True, max_length=60, verbose_name='words on the button')),
                ('after', models.TextField(blank=True, verbose_name='text after the button')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('changed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
            ],
            options={
                'verbose_name': 'mail wording',
            },
        ),
        migrations.CreateModel(
            name='OutboxMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(db_index=True, max_length=60, verbose_name='reference')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('occasion', models.CharField(blank=True, default='', max_length=60, verbose_name='occasion')),
                ('recipient', models.EmailField(max_length=254, verbose_name='recipient')),
                ('subject', models.CharField(max_length=200, verbose_name='subject')),
                ('text_body', models.TextField(verbose_name='text')),
                ('html_body', models.TextField(verbose_name='HTML')),
                ('message_id', models.CharField(max_length=120, unique=True, verbose_name='Message-ID')),
                ('attachment', models.CharField(blank=True, default='', max_length=60, verbose_name='attachment')),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('sending', 'Being sent'), ('sent', 'Sent'), ('refused', 'Refused for good'), ('cancelled', 'Cancelled'), ('bounced', 'Bounced'), ('complained', 'Reported as spam')], default='queued', max_length=10, verbose_name='state')),
                ('attempt_count', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('next_attempt_at', models.DateTimeField(verbose_name='next attempt')),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_index=True, verbose_name='created')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                ('service_message_id', models.CharField(blank=True, db_index=True, default='', max_length=200)),
                ('report', models.TextField(blank=True, default='', verbose_name='report of the e-mail service')),
                ('reported_at', models.DateTimeField(blank=True, null=True, verbose_name='reported')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True, verbose_name='cancelled')),
                ('cancelled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='cancelled by')),
                ('resent_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sent again by')),
            ],
            options={
                'verbose_name': 'mail',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='MailAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(auto_now_add=True)),
                ('succeeded', models.BooleanField(null=True)),
                ('error', models.TextField(blank=True)),
                ('mail', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='mail.outboxmail')),
            ],
            options={
                'ordering': ['started_at'],
            },
        ),
        migrations.AddIndex(
            model_name='outboxmail',
            index=models.Index(fields=['state', 'next_attempt_at'], name='outbox_due'),
        ),
        migrations.AddConstraint(
            model_name='outboxmail',
            constraint=models.UniqueConstraint(fields=('reference', 'kind', 'occasion'), name='one_mail_per_occasion'),
        ),
    ]
