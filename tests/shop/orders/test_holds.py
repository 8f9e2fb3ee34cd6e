import pytest
from django.contrib.auth import get_user_model

from shop.orders import transitions
from shop.orders.holds import place_hold, release_hold
from shop.orders.models import HoldKind, Order, OrderStatus
from shop.orders.timeline import TimelineKind, sentence
from shop.orders.transitions import TransitionRefused
from tests.factories.shop import make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff_user():
    return get_user_model().objects.create_user("staff-1", email="staff@checkup.example")


@pytest.fixture
def paid_order():
    order = make_order()
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.PAID)
    order.refresh_from_db()
    return order


def test_an_order_that_is_held_is_not_dispatched(paid_order, staff_user):
    place_hold(paid_order, HoldKind.DISPUTE, occasion="dp_1")

    with pytest.raises(TransitionRefused, match="a dispute is open"):
        transitions.dispatch(paid_order.pk, "UPS", "1Z999", staff_user)

    paid_order.refresh_from_db()
    assert paid_order.status == OrderStatus.PAID
    assert not paid_order.shipments.exists()


def test_it_leaves_when_the_last_hold_is_released(paid_order, staff_user):
    for occasion in ("dp_1", "dp_2"):
        place_hold(paid_order, HoldKind.DISPUTE, occasion=occasion)
    release_hold(paid_order, HoldKind.DISPUTE, occasion="dp_1")
    with pytest.raises(TransitionRefused):
        transitions.dispatch(paid_order.pk, "UPS", "1Z999", staff_user)

    release_hold(paid_order, HoldKind.DISPUTE, occasion="dp_2")

    assert transitions.dispatch(paid_order.pk, "UPS", "1Z999", staff_user).status == OrderStatus.DISPATCHED


def test_a_hold_is_told_once_and_a_released_one_stays_released(paid_order):
    place_hold(paid_order, HoldKind.FRAUD_WARNING)
    place_hold(paid_order, HoldKind.FRAUD_WARNING)
    assert release_hold(paid_order, HoldKind.FRAUD_WARNING)
    assert not release_hold(paid_order, HoldKind.FRAUD_WARNING)
    place_hold(paid_order, HoldKind.FRAUD_WARNING)

    entries = paid_order.timeline.filter(kind__in=[TimelineKind.HELD, TimelineKind.RELEASED])
    assert [sentence(entry) for entry in entries] == [
        "Must not be dispatched: the card's bank warns of fraud.",
        "No longer held back: the card's bank warns of fraud.",
    ]
    assert not paid_order.holds.standing().exists()
