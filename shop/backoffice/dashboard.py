"""What waits for staff, on the admin's first page and in the daily digest.

Refused mails and payment messages that could not be handled wait as cases. Their own states never end, so
counting those would tell staff for ever of what they have dealt with.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component

from cms.users.models import ResetRequest
from cms.users.tasks import RETRY_AFTER
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
    """How many of something wait, in a sentence, and the list that shows them."""

    count: int
    text: str
    url: str


@dataclass(frozen=True)
class WaitingCases:
    """Cases of one kind: how many wait, how many of them are overdue, and since when the oldest does."""

    kind: str
    count: int
    overdue: int
    oldest: datetime


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
    """Return cases, orders to dispatch, mails that are tried again, and unpaid orders."""
    return [*waiting_cases(), *waiting_records(), waiting_buyers()]


def cases_by_kind(now: datetime) -> list[WaitingCases]:
    """Return the cases that nobody has ended, counted by kind in one query; the oldest first."""
    rows = (
        Case.objects.unsolved()
        .order_by()
        .values("kind")
        .annotate(count=Count("pk"), overdue=Count("pk", filter=Q(due_at__lte=now)), oldest=Min("created_at"))
    )
    return sorted((WaitingCases(**row) for row in rows), key=lambda cases: cases.oldest)


def waiting_cases() -> list[Waiting]:
    """Return how many cases nobody has ended, and how many among them that are overdue."""
    kinds = cases_by_kind(timezone.now())
    unsolved, overdue = sum(kind.count for kind in kinds), sum(kind.overdue for kind in kinds)
    return [
        _waiting(
            unsolved,
            ngettext("%d case needs a person", "%d cases need a person", unsolved),
            "cases:index",
            UNSOLVED_QUERY,
        ),
        _waiting(
            overdue,
            ngettext("%d case is overdue", "%d cases are overdue", overdue),
            "cases:index",
            f"{UNSOLVED_QUERY}&ordering=due_at",
        ),
    ]


def waiting_buyers() -> Waiting:
    """Return how many orders wait for their buyers' money and not for staff."""
    unpaid = Order.objects.filter(status=OrderStatus.AWAITING_PAYMENT).count()
    return _waiting(
        unpaid,
        ngettext("%d order awaits its payment", "%d orders await their payment", unpaid),
        "orders:index",
        f"status={OrderStatus.AWAITING_PAYMENT}",
    )


def waiting_records() -> list[Waiting]:
    """Return how many orders are to leave, and how many mails and password links the mail server puts off."""
    paid = free_to_leave().count()
    retried = OutboxMail.objects.filter(state=MailState.QUEUED, attempt_count__gt=0).count()
    unsent_links = ResetRequest.objects.filter(created_at__lt=timezone.now() - RETRY_AFTER).count()
    return [
        _waiting(
            paid,
            ngettext("%d paid order to dispatch", "%d paid orders to dispatch", paid),
            "orders:index",
            TO_PACK_QUERY,
        ),
        _waiting(
            retried,
            ngettext("%d mail is tried again", "%d mails are tried again", retried),
            "outbox:index",
            f"state={MailState.QUEUED}",
        ),
        _waiting(
            unsent_links,
            ngettext(
                "%d link to a new password could not be sent yet",
                "%d links to a new password could not be sent yet",
                unsent_links,
            ),
            "wagtailusers_users:index",
            "",
        ),
    ]


def _waiting(count: int, text: str, url_name: str, query: str) -> Waiting:
    return Waiting(count=count, text=text % count, url=f"{reverse(url_name)}?{query}")
