from collections import defaultdict
from itertools import islice

from django.db import migrations

from shop.orders.search import text_of

CHUNK = 1000


def fill(apps, schema_editor):
    Order = apps.get_model("orders", "Order")
    orders = Order.objects.order_by("pk").iterator(chunk_size=CHUNK)
    while chunk := list(islice(orders, CHUNK)):
        keys = [order.pk for order in chunk]
        names = _by_order(apps.get_model("orders", "TestedPerson"), keys, "name")
        tracking = _by_order(apps.get_model("orders", "Shipment"), keys, "tracking_number")
        for order in chunk:
            order.search_text = text_of(order, names[order.pk], tracking[order.pk])
        Order.objects.bulk_update(chunk, ["search_text"])


def _by_order(model, keys, column):
    found = defaultdict(list)
    for key, value in model.objects.filter(order_id__in=keys).order_by("pk").values_list("order_id", column):
        found[key].append(value)
    return found


class Migration(migrations.Migration):
    dependencies = [("orders", "0013_index_parts_of_words")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
