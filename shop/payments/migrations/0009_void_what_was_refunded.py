from collections import defaultdict

from django.db import migrations
from django.utils import timezone


def void_what_was_refunded(apps, schema_editor):
    """Names the kits of refunds that were of a whole line or of a whole order, and takes them out of parcels.

    A refund of some of a line did not say whose kits they were; staff see on the order that none is named.
    """
    Hold, Kit = apps.get_model("orders", "Hold"), apps.get_model("orders", "Kit")
    RefundLine = apps.get_model("payments", "RefundLine")
    parts_of = defaultdict(list)
    holding = RefundLine.objects.exclude(refund__state__in=["failed", "canceled"])
    for part in holding.select_related("line").order_by("pk"):
        parts_of[part.line].append(part)
    for line, parts in parts_of.items():
        kits = list(Kit.objects.filter(line=line).order_by("pk"))
        if sum(part.quantity for part in parts) != len(kits):
            continue
        for part in parts:
            part.kits.set(kits[: part.quantity])
            kits = kits[part.quantity :]
    unsent, now = Kit.objects.filter(shipment=None, voided_at=None), timezone.now()
    unsent.filter(refund_lines__isnull=False).update(voided_at=now)
    finished = Hold.objects.filter(kind="refunded", released_at=None)
    unsent.filter(line__order__in=finished.values("order")).update(voided_at=now)


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0010_void_kits"),
        ("payments", "0008_refunds_name_kits"),
    ]

    operations = [migrations.RunPython(void_what_was_refunded, migrations.RunPython.noop)]
