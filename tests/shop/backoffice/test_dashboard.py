"""What waits for staff, on the admin's first page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.backoffice.dashboard import waiting_for_staff
from shop.cases.actions import open_case
from shop.cases.models import CaseKind
from shop.mail.models import MailState, OutboxMail
from shop.orders.models import Order, OrderStatus
from shop.payments.models import EventState, WebhookEvent
from tests.factories.shop import make_order
from tests.shop.backoffice.conftest import pay

pytestmark = pytest.mark.django_db


def test_it_counts_cases_and_leads_to_them(staff):
    overdue = timezone.now() - timedelta(hours=1)
    open_case(CaseKind.DISPUTE, reference="order:AB12CD34", reason="A dispute", due_at=overdue)
    open_case(CaseKind.MONEY_TO_RETURN, reference="order:AB12CD34", reason="Paid twice")

    page = staff.get("/admin/").content.decode()

    assert "2 cases need a person" in page
    assert "1 case is overdue" in page
    assert 'href="/admin/cases/?state=open&amp;state=taken"' in page


def test_it_forgets_what_people_have_ended(staff, paid_order):
    OutboxMail.objects.filter(kind="order_paid").update(state=MailState.REFUSED)
    WebhookEvent.objects.create(event_id="evt_1", kind="x", payload={}, state=EventState.SET_ASIDE)
    Order.objects.filter(pk=paid_order.pk).update(status=OrderStatus.DISPATCHED)

    assert "Nothing waits. Well done." in staff.get("/admin/").content.decode()


def test_it_counts_mails_without_reading_the_whole_outbox(paid_order):
    with CaptureQueriesContext(connection) as captured:
        waiting_for_staff()

    counts = [query["sql"] for query in captured if 'FROM "mail_outboxmail"' in query["sql"]]
    assert counts
    assert all(" WHERE " in sql for sql in counts)


@pytest.mark.parametrize("group", ["Editors", "Clinical reviewers"])
def test_other_groups_hear_nothing_of_cases(client, person_of, group):
    open_case(CaseKind.DISPUTE, reference="order:AB12CD34", reason="A dispute")
    client.force_login(person_of(group))

    page = client.get("/admin/").content.decode()

    assert "needs a person" not in page
    assert "/admin/cases/" not in page


def test_it_counts_orders_that_wait(staff, paid_order):
    make_order()
    pay(make_order())

    page = staff.get("/admin/").content.decode()

    assert "2 paid orders to dispatch" in page
    assert "1 order awaits its payment" in page
