"""What waits for staff, on the admin's first page and in the daily digest.

Refused mails and payment messages that could not be handled wait as cases. Their own states never end, so
counting those would tell staff for ever of what they have dealt with.
"""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component

from cms.users.models import ResetRequest
from cms.users.tasks import TRIED_AGAIN_AFTER
from shop.backoffice.cases.views import UNSOLVED_QUERY
from shop.cases.models import Case
from shop.mail.models import MailState, OutboxMail
from shop.orders.late_orders import free_to_leave
from shop.orders.models import Order, OrderStatus
from shop.orders.readiness import missing_for_selling
from shop.payments.order_states import TO_PACK

# The list's filter for what is to be packed.
TO_PACK_QUERY = "&".join(f"status={state}" for state in TO_PACK)


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
        return {
            "missing": missing_for_selling(),
            "waiting": [item for item in waiting_for_staff() if item.count],
        }


def waiting_for_staff() -> list[Waiting]:
    """Cases, orders to dispatch, mails that are tried again, and unpaid orders."""
    return [*waiting_cases(), *waiting_records(), waiting_buyers()]


def waiting_cases() -> list[Waiting]:
    """Cases that nobody has ended, and those among them that are overdue."""
    cases = Case.objects.unsolved().aggregate(
        all=Count("pk"), overdue=Count("pk", filter=Q(due_at__lte=timezone.now()))
    )
    return [
        _waiting(
            cases["all"],
            ngettext("%d case needs a person", "%d cases need a person", cases["all"]),
            "cases:index",
            UNSOLVED_QUERY,
        ),
        _waiting(
            cases["overdue"],
            ngettext("%d case is overdue", "%d cases are overdue", cases["overdue"]),
            "cases:index",
            f"{UNSOLVED_QUERY}&ordering=due_at",
        ),
    ]


def waiting_buyers() -> Waiting:
    """Orders that wait for their buyers' money and not for staff."""
    unpaid = Order.objects.filter(status=OrderStatus.AWAITING_PAYMENT).count()
    return _waiting(
        unpaid,
        ngettext("%d order awaits its payment", "%d orders await their payment", unpaid),
        "orders:index",
        f"status={OrderStatus.AWAITING_PAYMENT}",
    )


def waiting_records() -> list[Waiting]:
    """Orders to dispatch, and mails and links to passwords that the mail server puts off."""
    paid = free_to_leave().count()
    tried = OutboxMail.objects.filter(state=MailState.QUEUED, attempt_count__gt=0).count()
    links = ResetRequest.objects.filter(created_at__lt=timezone.now() - TRIED_AGAIN_AFTER).count()
    return [
        _waiting(
            paid,
            ngettext("%d paid order to dispatch", "%d paid orders to dispatch", paid),
            "orders:index",
            TO_PACK_QUERY,
        ),
        _waiting(
            tried,
            ngettext("%d mail is tried again", "%d mails are tried again", tried),
            "outbox:index",
            f"state={MailState.QUEUED}",
        ),
        _waiting(
            links,
            ngettext(
                "%d link to a new password could not be sent yet",
                "%d links to a new password could not be sent yet",
                links,
            ),
            "wagtailusers_users:index",
            "",
        ),
    ]


def _waiting(count: int, text: str, url_name: str, query: str) -> Waiting:
    return Waiting(count=count, text=text % count, url=f"{reverse(url_name)}?{query}")
