"""What waits for staff, on the admin's first page."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component

from shop.backoffice.event_screens import NEEDS_A_PERSON
from shop.mail.models import MailState, OutboxMail
from shop.orders.models import Order, OrderStatus
from shop.payments.models import WebhookEvent


@dataclass(frozen=True)
class Waiting:
    """Something that waits: how many, in words, and where to deal with it."""

    count: int
    text: str
    url: str


class StaffPanel(Component):
    name = "staff"
    template_name = "backoffice/dashboard.html"
    order = 50

    def get_context_data(self, parent_context):
        return {"waiting": [item for item in waiting_for_staff() if item.count]}


def waiting_for_staff() -> list[Waiting]:
    """Orders to dispatch, unpaid orders, mails in trouble and payments that need a person."""
    orders = Order.objects.aggregate(
        paid=Count("pk", filter=Q(status=OrderStatus.PAID)),
        unpaid=Count("pk", filter=Q(status=OrderStatus.AWAITING_PAYMENT)),
    )
    mails = OutboxMail.objects.aggregate(
        refused=Count("pk", filter=Q(state=MailState.REFUSED)),
        tried=Count("pk", filter=Q(state=MailState.QUEUED, attempt_count__gt=0)),
    )
    events = WebhookEvent.objects.filter(state__in=NEEDS_A_PERSON).count()
    return [
        _waiting(
            orders["paid"],
            ngettext("%d paid order to dispatch", "%d paid orders to dispatch", orders["paid"]),
            "orders:index",
            f"status={OrderStatus.PAID}",
        ),
        _waiting(
            orders["unpaid"],
            ngettext("%d order awaits its payment", "%d orders await their payment", orders["unpaid"]),
            "orders:index",
            f"status={OrderStatus.AWAITING_PAYMENT}",
        ),
        _waiting(
            events,
            ngettext("%d payment message needs a person", "%d payment messages need a person", events),
            "payment-events:index",
            "&".join(f"state={state}" for state in NEEDS_A_PERSON),
        ),
        _waiting(
            mails["refused"],
            ngettext("%d mail was refused for good", "%d mails were refused for good", mails["refused"]),
            "outbox:index",
            f"state={MailState.REFUSED}",
        ),
        _waiting(
            mails["tried"],
            ngettext("%d mail is tried again", "%d mails are tried again", mails["tried"]),
            "outbox:index",
            f"state={MailState.QUEUED}",
        ),
    ]


def _waiting(count: int, text: str, url_name: str, query: str) -> Waiting:
    return Waiting(count=count, text=text % count, url=f"{reverse(url_name)}?{query}")
