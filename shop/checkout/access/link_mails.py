"""What a worker does with a request for an order's link (see finding)."""

from django.db import transaction

from shop.checkout.access.confirmation import knows_email
from shop.checkout.models import LinkRequest
from shop.orders import mails
from shop.orders.models import Order


@transaction.atomic
def answer(request_id: int) -> bool:
    """Sends the link if code and e-mail belong together, and forgets the request; True when it was sent.

    Safe to run twice: the request is gone with the first.
    """
    asked = LinkRequest.objects.select_for_update().filter(pk=request_id).first()
    if asked is None:
        return False
    order = Order.objects.select_for_update().filter(code=asked.code).first()
    matches = order is not None and order.erased_at is None and knows_email(order, asked.email)
    if order and matches:
        mails.order_link(order, occasion=f"asked-{asked.pk}")
    asked.delete()
    return matches
