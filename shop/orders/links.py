"""The link that opens an order's page, when the old one has come into wrong hands."""

from django.db import transaction
from django.utils.translation import gettext as _

from cms.users.models import User
from shop.mail.outbox import replace_link
from shop.orders import mails, timeline
from shop.orders.codes import new_secret
from shop.orders.locks import lock_order
from shop.orders.models import Actor, Order
from shop.orders.timeline import TimelineKind


class LinkNotRenewed(Exception):
    """There is nobody left to send a link to; the text says why."""


@transaction.atomic
def renew_link(order_id: int, user: User) -> Order:
    """Give the order a new link, which the customer gets by mail; the old one opens nothing any more.

    Raise LinkNotRenewed for an order whose personal data is erased.
    """
    order = lock_order(order_id)
    if order.erased_at:
        raise LinkNotRenewed(_("The personal data of order %(code)s is erased.") % {"code": order.code})
    old = order.get_absolute_url()
    order.secret = new_secret()
    order.save(update_fields=["secret"])
    # What still waits, or is sent again, would lead nowhere.
    replace_link(order.reference, old, order.get_absolute_url(), recipient=order.email, user=user)
    entry = timeline.record(order, TimelineKind.LINK_RENEWED, Actor.STAFF, user=user)
    mails.order_link(order, occasion=f"renewed-{entry.pk}")
    return order
