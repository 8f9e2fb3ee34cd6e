"""Takes the buyer out of issued receipts; number, date and every amount stay, since the books need them."""

from django.db import transaction
from django.utils import timezone

from shop.orders.locks import lock_order
from shop.orders.models import Order
from shop.receipts.models import Receipt


@transaction.atomic
def erase_personal_data(order: Order) -> int:
    """Blanks name and address in the order's receipts and drops their PDFs; gives how many. Safe to repeat.

    A PDF that is asked for afterwards is drawn without them.
    """
    lock_order(order.pk)
    receipts = list(Receipt.objects.select_for_update().filter(order=order, erased_at=None))
    for receipt in receipts:
        Receipt.objects.filter(pk=receipt.pk).update(
            data={**receipt.data, "buyer": {"name": "", "address": []}},
            pdf=None,
            sha256="",
            erased_at=timezone.now(),
        )
    return len(receipts)
