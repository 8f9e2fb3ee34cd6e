"""Paid orders that wait too long, by the calendar of a week in November 2026 (the 2nd is a Monday)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from shop.cases import actions
from shop.cases.models import Case, CaseKind, CaseState
from shop.orders import tasks, transitions
from shop.orders.holds import place_hold, release_hold
from shop.orders.late_orders import after_working_days, open_late_cases
from shop.orders.models import Actor, Hold, HoldKind, Order
from tests.factories.shop import make_order

pytestmark = pytest.mark.django_db


def november(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


@pytest.fixture
def person():
    return get_user_model().objects.create_user("packer")


@pytest.fixture
def order(db) -> Order:
    """Paid on Monday at noon."""
    return paid(november(2))


def paid(moment: datetime) -> Order:
    order = make_order()
    data = {"amount": order.total_amount, "currency": order.currency}
    transitions.apply(order.pk, "pay", actor=Actor.STRIPE, data=data)
    Order.objects.filter(pk=order.pk).update(paid_at=moment)
    order.refresh_from_db()
    return order


def late_cases(order: Order) -> list[str]:
    """Return the states of the order's cases."""
    about = Case.objects.filter(kind=CaseKind.LATE_ORDER, reference=order.reference)
    return list(about.order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize(
    ("begin", "days", "end"),
    [
        (november(2), 2, november(4)),
        (november(5), 2, november(9)),
        (november(6), 1, november(9)),
        (november(7), 1, november(9)),
        (november(8), 2, november(10)),
        (november(6), 7, november(17)),
        (november(7), 0, november(7)),
    ],
)
def test_weekends_do_not_count(begin, days, end):
    assert after_working_days(begin, days) == end


def test_a_weekend_is_the_sites(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    # Friday has begun there: Monday is next, and it is still Sunday in UTC when that begins.
    with timezone.override("Pacific/Honolulu"):
        assert after_working_days(november(5, 23), 1) == november(8, 23)


def test_an_order_is_late_after_two_working_days_and_not_a_minute_before(order):
    assert open_late_cases(november(4, 11)) == 0
    assert open_late_cases(november(4, 13)) == 1

    case = Case.objects.get()
    assert (case.reference, case.due_at) == (order.reference, november(4))
    assert "2 Nov 2026" in case.reason


def test_a_weekend_makes_no_order_late(db):
    order = paid(november(5))

    assert open_late_cases(november(8)) == 0
    assert open_late_cases(november(9, 13)) == 1
    assert late_cases(order) == [CaseState.OPEN]


def test_the_days_are_a_setting(order, settings):
    settings.DISPATCH_WORKING_DAYS = 5

    assert open_late_cases(november(6)) == 0
    assert open_late_cases(november(9, 13)) == 1


def test_an_order_opens_one_case_however_often_beat_asks(order):
    assert [open_late_cases(november(day)) for day in (5, 5, 6, 20)] == [1, 0, 0, 0]


def test_what_somebody_has_ended_stays_ended(order, person):
    open_late_cases(november(5))
    actions.close(Case.objects.get().pk, "The buyer asked us to wait", person)

    assert open_late_cases(november(6)) == 0
    assert late_cases(order) == [CaseState.CLOSED]


def test_the_case_ends_when_the_parcel_leaves(order, person):
    open_late_cases(november(5))

    transitions.dispatch(order.pk, "DHL", "1", person)

    case = Case.objects.get()
    assert (case.state, case.outcome, case.closed_by) == (CaseState.CLOSED, "Dispatched", None)
    assert open_late_cases(november(20)) == 0


def test_neither_an_unpaid_nor_a_dispatched_nor_a_held_order_is_late(order, person):
    make_order()
    transitions.dispatch(order.pk, "DHL", "1", person)
    place_hold(paid(november(2)), HoldKind.DISPUTE)

    assert open_late_cases(november(20)) == 0
    assert not Case.objects.exists()


def test_a_hold_ends_the_case_and_its_release_begins_the_time_anew(order):
    open_late_cases(november(5))

    place_hold(order, HoldKind.DISPUTE)
    assert late_cases(order) == [CaseState.CLOSED]
    assert open_late_cases(november(10)) == 0

    release_hold(order, HoldKind.DISPUTE)
    Hold.objects.update(released_at=november(11))
    assert open_late_cases(november(12)) == 0
    assert open_late_cases(november(13, 13)) == 1
    assert late_cases(order) == [CaseState.CLOSED, CaseState.OPEN]


def test_an_erased_order_is_nobodys_parcel(order):
    Order.objects.update(erased_at=november(3))

    assert open_late_cases(november(20)) == 0


def test_beat_looks_for_them(order, settings):
    planned = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    assert tasks.open_late_cases.name in planned
    Order.objects.update(paid_at=timezone.now() - timedelta(days=20))

    tasks.open_late_cases()

    assert late_cases(order) == [CaseState.OPEN]


def test_many_known_late_orders_cost_beat_one_query(order, django_assert_num_queries):
    paid(november(2))
    open_late_cases(november(5))

    with django_assert_num_queries(1):
        open_late_cases(november(6))
