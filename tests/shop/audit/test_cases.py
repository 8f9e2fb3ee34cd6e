"""What the nightly audit finds is a case for a person; the command says it and ends with 1."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from shop.audit.books import audit_and_note
from shop.audit.tasks import audit_books
from shop.cases.actions import close
from shop.cases.models import Case, CaseKind, CaseState
from shop.orders.models import Order

pytestmark = pytest.mark.django_db


def note() -> None:
    now = timezone.now()
    audit_and_note(now - timedelta(days=1), until=now)


def books():
    return Case.objects.filter(kind=CaseKind.BOOKS).order_by("pk")


def lose_day_of_payment(*orders: Order) -> None:
    Order.objects.filter(pk__in=[order.pk for order in orders]).update(paid_at=None)


def test_a_kind_of_finding_is_one_case_that_ends_by_itself(quiet_shop):
    note()
    assert not books().exists()
    lose_day_of_payment(quiet_shop.paid, quiet_shop.sent)
    note()
    note()
    case = books().get()
    assert (case.reference, case.state) == ("audit:statuses", CaseState.OPEN)
    assert "2 findings" in case.reason
    assert {line[:14] for line in case.data["findings"]} == {
        f"order {quiet_shop.paid.code}",
        f"order {quiet_shop.sent.code}",
    }

    Order.objects.filter(status__in=["paid", "dispatched"], paid_at=None).update(paid_at=timezone.now())
    note()
    case.refresh_from_db()
    assert (case.state, case.outcome) == (CaseState.CLOSED, "It adds up again")


def test_what_somebody_has_seen_and_ended_comes_back_only_with_something_new(quiet_shop):
    lose_day_of_payment(quiet_shop.paid)
    note()
    close(books().get().pk, "Known", quiet_shop.packer)
    note()
    assert books().get().state == CaseState.CLOSED

    lose_day_of_payment(quiet_shop.sent)
    note()
    assert [case.state for case in books()] == [CaseState.CLOSED, CaseState.OPEN]


def test_staff_read_what_was_found_and_what_to_do(quiet_shop, admin_client):
    lose_day_of_payment(quiet_shop.paid)
    note()
    page = admin_client.get(f"/admin/cases/inspect/{books().get().pk}/").content.decode()
    assert "Books do not add up" in page
    assert f"order {quiet_shop.paid.code}: paid, but it has no day of payment" in page
    assert "manage.py audit_books" in page
    assert "the status that they show is the true one" in page, "the rule's remedy"
    assert f'href="/admin/orders/inspect/{quiet_shop.paid.pk}/"' in page
    assert f"/admin/orders/inspect/{quiet_shop.sent.pk}/" not in page
    assert "audit:" not in page


def test_the_night_opens_cases(quiet_shop):
    lose_day_of_payment(quiet_shop.paid)
    assert audit_books() == 1
    assert books().get().reference == "audit:statuses"


def test_without_stripe_the_shops_own_books_are_compared_all_the_same(quiet_shop, capsys):
    lose_day_of_payment(quiet_shop.paid)
    quiet_shop.provider.fault("rate_limit", match="GET /v1/*", count=50)
    with pytest.raises(SystemExit, match="1"):
        call_command("audit_books")
    said = capsys.readouterr()
    assert f"statuses: order {quiet_shop.paid.code}: paid, but it has no day of payment → look at" in said.out
    assert "Stripe does not answer" in said.err
    assert not books().exists()


def test_the_command_says_what_where_and_how_to_mend_it(quiet_shop, capsys):
    call_command("audit_books", "--grace", "0")
    assert "0 findings" in capsys.readouterr().out

    Order.objects.filter(pk=quiet_shop.paid.pk).update(total_amount=1)
    with pytest.raises(SystemExit):
        call_command("audit_books", "--no-stripe", "--json")
    rows = json.loads(capsys.readouterr().out)
    assert {row["rule"] for row in rows} >= {"sums-of-orders", "payments-of-orders", "sums-of-documents"}
    assert all(row["subject"] == f"order {quiet_shop.paid.code}" and row["remedy"] for row in rows)
