"""Links to orders: the way from one to its order, and a new mail for somebody who has lost theirs.

The page for the latter only writes down what was asked and says the same to everybody. A worker looks whether
there is such an order, so neither the answer's content nor its time tells.
"""

from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils.crypto import constant_time_compare

from shop.checkout.access.confirmation import knows_email
from shop.checkout.models import LinkRequest
from shop.checkout.throttling import count_wrong_link
from shop.orders import mails
from shop.orders.models import Order


def order_of_link(request: HttpRequest, secret: str) -> Order:
    """Return the order that this secret opens.

    A secret that never was, one that was replaced and one of an erased order are answered by the same steps.
    Raise Http404, and counting.LimitReached after many of them from one address.
    """
    # Nothing else is a secret, and PostgreSQL takes no text with a zero in it.
    looked_for = secret if secret.isascii() and secret.isprintable() else ""
    order = Order.objects.filter(secret=looked_for, erased_at=None).first()
    if not constant_time_compare(order.secret if order else "", secret) or order is None:
        count_wrong_link(request)
        raise Http404
    return order


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
