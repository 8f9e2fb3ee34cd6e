"""An order whose dispute the bank has decided keeps nobody's data for ever."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shop.orders import transitions
from shop.orders.holds import place_hold
from shop.orders.models import HoldKind, Order, Shipment
from shop.payments.models import Dispute, DisputeState
from shop.privacy.erasure import ErasureRefused, erase_order
from shop.privacy.tasks import apply_retention
from tests.shop.privacy.conftest import EMAIL, NAME
from tests.shop.privacy.database_dump import tables_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def lose(standin, post_event):
    """Lets the payer's bank decide a dispute about the order against the shop."""

    def lose(order: Order) -> Dispute:
        dispute = standin.dispute(order.payments.get().session_id)
        post_event("charge.dispute.created")
        standin.close_dispute(dispute["id"], won=False)
        post_event("charge.dispute.closed")
        return Dispute.objects.get(provider_id=dispute["id"])

    return lose


def is_erased_after(days: int, order: Order) -> bool:
    """Whether a retention run takes out the order whose dispute was lost so many days ago."""
    Dispute.objects.filter(state=DisputeState.LOST).update(closed_at=timezone.now() - timedelta(days=days))
    apply_retention()
    order.refresh_from_db()
    return order.erased_at is not None


def test_a_paid_order_is_erased_after_a_lost_dispute_and_still_never_leaves(paid, lose, colleague):
    lose(paid)

    erase_order(paid.pk)

    assert "forced" not in paid.timeline.get(kind="erased").data
    assert tables_with([NAME, EMAIL]) == {}
    assert paid.holds.standing().exists()
    with pytest.raises(transitions.TransitionRefused):
        transitions.dispatch(paid.pk, "DHL", "1", user=colleague)


def test_retention_counts_from_the_day_the_dispute_was_lost(paid, lose):
    lose(paid)
    Order.objects.update(created_at=timezone.now() - timedelta(days=4000))

    assert [is_erased_after(days, paid) for days in (729, 731)] == [False, True]


def test_a_dispatched_order_goes_at_its_time_in_spite_of_a_lost_dispute(bought, lose):
    lose(bought)
    Shipment.objects.update(dispatched_at=timezone.now() - timedelta(days=731))

    assert is_erased_after(1, bought)


@pytest.mark.parametrize("state", [DisputeState.UNDER_REVIEW, DisputeState.PREVENTED])
def test_a_dispute_that_is_not_lost_still_stands_against_it(paid, lose, state):
    lose(paid)
    Dispute.objects.update(state=state)

    with pytest.raises(ErasureRefused, match="a dispute is open"):
        erase_order(paid.pk)


def test_another_dispute_that_is_open_still_stands_against_it(paid, lose):
    lose(paid)
    place_hold(paid, HoldKind.DISPUTE, occasion="dp_another")

    assert not is_erased_after(731, paid)
