import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('orders', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WebhookEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_id', models.CharField(max_length=100, unique=True, verbose_name='event')),
                ('kind', models.CharField(max_length=80, verbose_name='kind')),
                ('object_id', models.CharField(blank=True, max_length=100, verbose_name='object')),
                ('livemode', models.BooleanField(default=False)),
                ('payload', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('received', 'Received'), ('handled', 'Handled'), ('ignored', 'Not used'), ('failed', 'Failed'), ('set_aside', 'Set aside for staff')], db_index=True, default='received', max_length=10, verbose_name='state')),
                ('reason', models.CharField(blank=True, max_length=250, verbose_name='reason')),
                ('traceback', models.TextField(blank=True)),
                ('received_at', models.DateTimeField(auto_now_add=True, db_index=True, verbose_name='received')),
                ('handled_at', models.DateTimeField(blank=True, null=True, verbose_name='handled')),
            ],
            options={
                'verbose_name': 'Stripe event',
                'ordering': ['-received_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('idempotency_key', models.UUIDField(unique=True)),
                ('session_id', models.CharField(blank=True, max_length=100, null=True, unique=True, verbose_name='Checkout Session')),
                ('payment_intent_id', models.CharField(blank=True, max_length=100, null=True, unique=True, verbose_name='Payment Intent')),
                ('amount', models.PositiveBigIntegerField(verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('state', models.CharField(choices=[('created', 'Created'), ('open', 'Waiting for the buyer'), ('processing', 'Being processed'), ('succeeded', 'Paid'), ('failed', 'Failed'), ('expired', 'Expired'), ('mismatched', 'Does not match'), ('set_aside', 'Did not match, ended')], db_index=True, default='created', max_length=12, verbose_name='state')),
                ('shows_email', models.BooleanField(default=True)),
                ('url', models.TextField(blank=True)),
                ('expires_at', models.DateTimeField(verbose_name='expires')),
                ('settled_by', models.CharField(blank=True, choices=[('webhook', 'told by Stripe'), ('return_page', 'seen when the buyer came back'), ('reconciler', 'found by asking Stripe'), ('new_attempt', 'seen at a new attempt'), ('buyer', 'ended by the buyer'), ('staff', 'ended by staff'), ('system', 'ended after its time')], max_length=20, verbose_name='settled by')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='orders.order')),
            ],
            options={
                'verbose_name': 'payment',
                'ordering': ['created_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider_id', models.CharField(max_length=100, unique=True, verbose_name='dispute')),
                ('payment_intent_id', models.CharField(blank=True, max_length=100, verbose_name='Payment Intent')),
                ('amount', models.PositiveBigIntegerField(verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('state', models.CharField(choices=[('warning_needs_response', 'Inquiry, needs an answer'), ('warning_under_review', 'Inquiry, under review'), ('warning_closed', 'Inquiry, closed'), ('needs_response', 'Needs an answer'), ('under_review', 'Under review'), ('won', 'Won'), ('lost', 'Lost'), ('prevented', 'Prevented'), ('appeal_needs_response', 'Appeal, needs an answer'), ('appeal_under_review', 'Appeal, under review')], db_index=True, max_length=40, verbose_name='state')),
                ('reason', models.CharField(blank=True, max_length=60, verbose_name='reason')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='answer due')),
                ('is_withdrawn', models.BooleanField(default=False, verbose_name='money withdrawn')),
                ('is_refundable', models.BooleanField(default=False, verbose_name='refund possible')),
                ('opened_at', models.DateTimeField(verbose_name='opened')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('noticed_by', models.CharField(blank=True, choices=[('webhook', 'told by Stripe'), ('return_page', 'seen when the buyer came back'), ('reconciler', 'found by asking Stripe'), ('new_attempt', 'seen at a new attempt'), ('buyer', 'ended by the buyer'), ('staff', 'ended by staff'), ('system', 'ended after its time')], max_length=20, verbose_name='noticed by')),
                ('payment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='payments.payment', verbose_name='payment')),
            ],
            options={
                'verbose_name': 'dispute',
                'ordering': ['opened_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('idempotency_key', models.UUIDField(unique=True)),
                ('provider_id', models.CharField(blank=True, max_length=100, null=True, unique=True, verbose_name='refund')),
                ('amount', models.PositiveBigIntegerField(verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('state', models.CharField(choices=[('requested', 'Asked for'), ('pending', 'On its way'), ('requires_action', 'Waits for the buyer'), ('succeeded', 'Returned'), ('failed', 'Failed'), ('canceled', 'Cancelled')], db_index=True, default='requested', max_length=40, verbose_name='state')),
                ('origin', models.CharField(choices=[('staff', 'Staff'), ('dashboard', "Stripe's dashboard")], max_length=10, verbose_name='asked for in')),
                ('reason', models.TextField(blank=True, max_length=500, verbose_name='reason')),
                ('failure_reason', models.CharField(blank=True, max_length=60, verbose_name='why it failed')),
                ('noticed_by', models.CharField(blank=True, choices=[('webhook', 'told by Stripe'), ('return_page', 'seen when the buyer came back'), ('reconciler', 'found by asking Stripe'), ('new_attempt', 'seen at a new attempt'), ('buyer', 'ended by the buyer'), ('staff', 'ended by staff'), ('system', 'ended after its time')], max_length=20, verbose_name='noticed by')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='asked for')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled')),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked for by')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='payments.payment', verbose_name='payment')),
            ],
            options={
                'verbose_name': 'refund',
                'ordering': ['created_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='RefundLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveSmallIntegerField(verbose_name='quantity')),
                ('amount', models.PositiveBigIntegerField(verbose_name='amount')),
                ('kits', models.ManyToManyField(related_name='refund_lines', to='orders.kit', verbose_name='kits')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refund_lines', to='orders.orderline')),
                ('refund', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='payments.refund')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('refund', 'line'), name='one_part_of_a_refund_per_line')],
            },
        ),
    ]
