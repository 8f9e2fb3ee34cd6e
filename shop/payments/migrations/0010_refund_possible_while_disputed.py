from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0009_void_what_was_refunded")]

    operations = [
        migrations.AddField(
            "dispute", "is_refundable", models.BooleanField(default=False, verbose_name="refund possible")
        ),
        # As it was taken for granted until now; Stripe is asked before the next refund.
        migrations.RunPython(
            lambda apps, schema_editor: apps.get_model("payments", "Dispute")
            .objects.filter(state__in=["won", "warning_needs_response", "warning_under_review", "warning_closed"])
            .update(is_refundable=True),
            migrations.RunPython.noop,
        ),
    ]
