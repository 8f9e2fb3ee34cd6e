"""What all lists have in common."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.cases.actions import open_case
from shop.cases.models import CaseKind
from shop.mail.models import OutboxMail
from tests.factories.shop import make_order

pytestmark = pytest.mark.django_db


def codes_in(response) -> set[str]:
    return {order.code for order in response.context["object_list"]}


def test_a_code_or_an_address_is_found_in_every_list_however_it_is_typed(staff, paid_order):
    make_order()
    typed = f"#{paid_order.code[:4]}–{paid_order.code[4:].lower()}\u200b"
    OutboxMail.objects.create(
        reference="x:1",
        kind="x",
        recipient="ada@example.org",
        message_id="1",
        next_attempt_at=timezone.now(),
    )
    open_case(CaseKind.UNDELIVERABLE_MAIL, reference=paid_order.reference, reason="It came back")

    assert codes_in(staff.get("/admin/orders/", {"q": typed})) == {paid_order.code}
    mails = staff.get("/admin/outbox/", {"q": typed}).context["object_list"]
    assert {mail.reference for mail in mails} == {paid_order.reference}
    [case] = staff.get("/admin/cases/", {"q": typed}).context["object_list"]
    assert case.reference == paid_order.reference
    mails = staff.get("/admin/outbox/", {"q": "ada＠example.org\u00a0"}).context["object_list"]
    assert "x:1" in {mail.reference for mail in mails}


@pytest.mark.parametrize(
    "address",
    [
        "/admin/outbox/?state=queued&state=sent",
        "/admin/payment-events/?state=handled",
        "/admin/orders/?status=paid",
        "/admin/cases/?state=open&kind=dispute",
    ],
)
def test_a_filter_by_state_compares_no_whole_rows(staff, paid_order, address):
    with CaptureQueriesContext(connection) as captured:
        staff.get(address)

    queries = [query["sql"] for query in captured]
    assert [sql for sql in queries if re.search(r'"(state|status)" =', sql)]
    assert not [sql for sql in queries if "DISTINCT" in sql]
