"""Takes buyer and goods out of issued receipts; number, date and amounts stay, since the books need them."""

from django.db import transaction
from django.utils import timezone

from shop.orders.locks import lock_order
from shop.orders.models import Order
from shop.receipts.models import Receipt


@transaction.atomic
def erase_personal_data(order: Order) -> int:
    """Blank name, address and SKUs in the order's receipts, and drop their PDFs; return how many. Repeatable.

    A PDF that is asked for afterwards is drawn without them.
    """
    lock_order(order.pk)
    receipts = list(Receipt.objects.select_for_update().filter(order=order, erased_at=None))
    for receipt in receipts:
        Receipt.objects.filter(pk=receipt.pk).update(
            data={
                **receipt.data,
                "buyer": {"name": "", "address": []},
                "lines": [{**line, "sku": ""} for line in receipt.data["lines"]],
            },
            pdf=None,
            sha256="",
            erased_at=timezone.now(),
        )
    return len(receipts)
