"""From the link in a mail to its order."""

from django.http import Http404, HttpRequest
from django.utils.crypto import constant_time_compare

from shop.checkout.throttling import count_wrong_link
from shop.orders.models import Order


def order_of_link(request: HttpRequest, secret: str) -> Order:
    """The order that this secret opens.

    A secret that never was, one that was replaced and one of an erased order are answered by the same steps.
    Raises Http404, and counting.LimitReached after many of them from one address.
    """
    # Nothing else is a secret, and PostgreSQL takes no text with a zero in it.
    looked_for = secret if secret.isascii() and secret.isprintable() else ""
    order = Order.objects.filter(secret=looked_for, erased_at=None).first()
    if not constant_time_compare(order.secret if order else "", secret) or order is None:
        count_wrong_link(request)
        raise Http404
    return order
