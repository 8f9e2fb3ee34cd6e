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
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('money_to_return', 'Money to return'), ('payment_mismatch', 'Payment does not match'), ('unknown_payment', 'Payment without an order'), ('refund_failed', 'Refund failed'), ('dispute', 'Dispute'), ('fraud_warning', 'Fraud warning'), ('undeliverable_mail', 'Mail cannot be delivered'), ('late_order', 'Order is late'), ('payment_refused', 'Payment refused by Stripe'), ('failed_event', 'Payment message not handled'), ('books', 'Books do not add up')], max_length=20, verbose_name='kind')),
                ('reference', models.CharField(max_length=60, verbose_name='reference')),
                ('occasion', models.CharField(blank=True, default='', max_length=60)),
                ('reason', models.CharField(max_length=250, verbose_name='reason')),
                ('data', models.JSONField(blank=True, default=dict)),
                ('state', models.CharField(choices=[('open', 'Waiting'), ('taken', 'Taken'), ('closed', 'Ended')], default='open', max_length=10, verbose_name='state')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='due')),
                ('outcome', models.CharField(blank=True, max_length=250, verbose_name='outcome')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='opened')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
                ('taken_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken by')),
            ],
            options={
                'verbose_name': 'case',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='CaseEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('taken', 'Taken'), ('handed_back', 'Handed back'), ('closed', 'Ended')], max_length=20)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='cases.case')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['created_at', 'pk'],
            },
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['state', '-created_at'], name='cases_by_state'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['-created_at', '-id'], name='cases_newest_first'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['kind', '-created_at'], name='cases_by_kind'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['taken_by', '-created_at'], name='cases_by_taker'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['due_at'], name='cases_by_due_date'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(fields=('reference', 'kind', 'occasion'), name='one_case_per_occasion'),
        ),
    ]
