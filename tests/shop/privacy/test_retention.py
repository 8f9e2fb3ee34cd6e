"""Each kind of data ends with its time, and not before."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from shop.cases import actions
from shop.cases.models import Case, CaseKind
from shop.checkout.models import Basket
from shop.mail.models import MailAttempt, MailState, OutboxMail
from shop.orders.holds import place_hold
from shop.orders.models import Actor, HoldKind, Order, OrderNote, Shipment, TimelineEntry
from shop.orders.transitions import cancel_unpaid
from shop.payments.models import Refund, WebhookEvent
from shop.payments.refund_requests import RefundRequest, request_refund
from shop.privacy import retention
from shop.privacy.erasure import erase_order
from shop.privacy.tasks import apply_retention
from tests.factories.shop import make_order
from tests.shop.privacy.conftest import NAME
from tests.shop.privacy.database_dump import tables_with

pytestmark = pytest.mark.django_db


def ago(days: float):
    return timezone.now() - timedelta(days=days)


def cancelled(days: int) -> Order:
    """Make an unpaid order that was cancelled so long ago."""
    order = cancel_unpaid(make_order().pk, actor=Actor.STAFF)
    TimelineEntry.objects.filter(order=order, kind="cancelled").update(created_at=ago(days))
    return order


def is_erased(order: Order) -> bool:
    order.refresh_from_db()
    return order.erased_at is not None


def test_an_unpaid_cancelled_order_goes_after_its_days(settings):
    settings.CANCELLED_ORDER_DAYS = 30
    due, early, unpaid = cancelled(31), cancelled(29), make_order()
    Order.objects.update(created_at=ago(400))

    apply_retention()

    assert [is_erased(order) for order in (due, early, unpaid)] == [True, False, False]
    assert due.timeline.get(kind="erased").data == {"cause": "retention"}


def test_one_that_had_been_paid_is_kept_as_long_as_a_dispatched_one(bought):
    Order.objects.filter(pk=bought.pk).update(status="cancelled")
    entry = bought.timeline.create(kind="cancelled", actor="system")
    for days, expected in ((40, False), (731, True)):
        TimelineEntry.objects.filter(pk=entry.pk).update(created_at=ago(days))
        apply_retention()
        assert is_erased(bought) is expected


def test_a_dispatched_order_goes_after_two_years(bought):
    for days, expected in ((729, False), (731, True)):
        Shipment.objects.update(dispatched_at=ago(days))
        apply_retention()
        assert is_erased(bought) is expected


def test_a_paid_order_is_never_thrown_away(paid):
    Order.objects.update(created_at=ago(4000))

    apply_retention()

    assert not is_erased(paid)


def test_a_paid_order_that_was_refunded_in_full_goes_after_two_years(paid, colleague):
    request_refund(paid, RefundRequest(reason="", amount=9900), user=colleague)
    for days, expected in ((729, False), (731, True)):
        paid.holds.update(placed_at=ago(days))
        apply_retention()
        assert is_erased(paid) is expected


def test_a_held_order_waits_and_keeps_none_of_the_others(bought):
    held, free = cancelled(90), cancelled(80)
    place_hold(held, HoldKind.DISPUTE)

    apply_retention()

    assert (is_erased(held), is_erased(free)) == (False, True)


def test_a_run_is_bounded_and_the_next_goes_on(monkeypatch):
    monkeypatch.setattr(retention, "ORDERS_PER_RUN", 2)
    for _ in range(3):
        cancelled(90)

    assert [retention.run()["cancelled orders"] for _ in range(3)] == [2, 1, 0]


def add_note(order: Order, colleague) -> None:
    order.notes.create(author=colleague, text=f"{NAME} rang again")
    order.notes.update(created_at=ago(settings.ADDED_DATA_DAYS))


def add_refund(order: Order, colleague) -> None:
    request_refund(order, RefundRequest(reason=f"{NAME} rang again", amount=100), user=colleague)
    Refund.objects.update(created_at=ago(settings.ADDED_DATA_DAYS))


def add_ended_case(order: Order, colleague) -> None:
    case = actions.open_case(CaseKind.REFUND_FAILED, reference=order.reference, reason="Refund failed")
    actions.close(case.pk, f"{NAME} rang again", colleague)
    Case.objects.update(closed_at=ago(settings.ADDED_DATA_DAYS))


@pytest.mark.parametrize("add", [add_note, add_refund, add_ended_case])
def test_what_staff_add_to_an_erased_order_goes_after_its_days(bought, colleague, add):
    erase_order(bought.pk)
    add(bought, colleague)
    now = timezone.now()

    early, due, again = [
        retention.apply_rules(now + timedelta(minutes=minutes))["erased orders"] for minutes in (-5, 5, 10)
    ]

    assert (early, due, again) == (0, 1, 0)
    assert tables_with([NAME, "rang again"]) == {}


def test_an_open_case_of_an_erased_order_keeps_its_words(bought, colleague):
    erase_order(bought.pk)
    add_note(bought, colleague)
    case = actions.open_case(CaseKind.REFUND_FAILED, reference=bought.reference, reason="Refund failed")

    retention.apply_rules(timezone.now() + timedelta(days=1))

    case.refresh_from_db()
    assert case.reason == "Refund failed"


def test_words_of_old_mails_go_and_waiting_mails_stay(bought):
    waiting = OutboxMail.objects.get(kind="order_received")
    OutboxMail.objects.exclude(pk=waiting.pk).update(state=MailState.SENT)
    OutboxMail.objects.update(created_at=ago(settings.MAIL_DAYS + 1))
    OutboxMail.objects.filter(kind="new_order").update(created_at=ago(settings.MAIL_DAYS - 1))

    apply_retention()

    kept = set(OutboxMail.objects.exclude(text_body="").values_list("kind", flat=True))
    assert kept == {"order_received", "new_order"}
    assert OutboxMail.objects.get(kind="order_paid").recipient == bought.email


@pytest.mark.parametrize(
    ("model", "moment", "setting"),
    [
        (MailAttempt, "started_at", "MAIL_ATTEMPT_DAYS"),
        (OrderNote, "created_at", "NOTE_DAYS"),
        (Basket, "updated_at", "BASKET_DAYS"),
    ],
)
def test_rows_go_after_their_days(bought, model, moment, setting):
    OutboxMail.objects.update(state=MailState.SENT)
    for days, left in ((-1, 1), (1, 0)):
        model.objects.update(**{moment: ago(getattr(settings, setting) + days)})
        apply_retention()
        assert model.objects.count() == left


def test_events_go_after_their_days_unless_a_case_about_them_is_open():
    _old, open_one, new = (
        WebhookEvent.objects.create(event_id=f"evt_{name}", kind="refund.created") for name in ("a", "b", "c")
    )
    actions.open_case(CaseKind.FAILED_EVENT, reference=f"event:{open_one.pk}", reason="failed")
    WebhookEvent.objects.exclude(pk=new.pk).update(received_at=ago(settings.EVENT_DAYS + 1))
    new.received_at = ago(settings.EVENT_DAYS - 1)
    new.save()

    apply_retention()

    assert set(WebhookEvent.objects.all()) == {open_one, new}


def test_ended_cases_go_after_their_days_and_open_ones_never(colleague):
    ended = actions.open_case(CaseKind.LATE_ORDER, reference="order:A", reason="late")
    actions.close(ended.pk, "Packed", colleague)
    actions.open_case(CaseKind.LATE_ORDER, reference="order:B", reason="late")
    for days, left in ((-1, 2), (1, 1)):
        Case.objects.update(created_at=ago(4000))
        Case.objects.filter(pk=ended.pk).update(closed_at=ago(settings.CASE_DAYS + days))
        apply_retention()
        assert Case.objects.count() == left


def test_sessions_that_ran_out_go():
    for key, days in (("old", -1), ("new", 1)):
        Session.objects.create(
            session_key=key, session_data="", expire_date=timezone.now() + timedelta(days=days)
        )

    apply_retention()

    assert [session.session_key for session in Session.objects.all()] == ["new"]


def test_one_rule_that_fails_does_not_stop_the_others(monkeypatch):
    def broken(oldest) -> int:
        raise RuntimeError("no")

    rules = [retention.Rule("broken", "", "NOTE_DAYS", broken), *retention.RULES]
    monkeypatch.setattr(retention, "RULES", rules)
    order = cancelled(90)

    apply_retention()

    assert is_erased(order)


def test_beat_runs_them_every_day():
    assert "shop.privacy.tasks.apply_retention" in {
        entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()
    }


def test_the_documented_table_is_what_the_rules_say():
    page = (Path(settings.BASE_DIR) / "docs" / "data-protection.md").read_text(encoding="utf-8")

    assert retention.table() in page
