"""Sends an order's link to who has lost it.

The page only writes down what was asked and says the same to everybody. A worker looks whether there is such
an order, so neither the words nor the time of the answer tell.
"""

from django.db import transaction

from shop.checkout.access.confirmation import knows_email
from shop.checkout.models import LinkRequest
from shop.orders import mails
from shop.orders.models import Order


@transaction.atomic
def answer_request(request_id: int) -> bool:
    """Send the link if code and e-mail belong together, and delete the request; return whether it was sent.

    Safe to run twice: the request is gone with the first.
    """
    link_request = LinkRequest.objects.select_for_update().filter(pk=request_id).first()
    if link_request is None:
        return False
    order = Order.objects.select_for_update().filter(code=link_request.code).first()
    matches = order is not None and order.erased_at is None and knows_email(order, link_request.email)
    if order and matches:
        mails.order_link(order, occasion=f"asked-{link_request.pk}")
    link_request.delete()
    return matches
