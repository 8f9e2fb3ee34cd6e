"""A dispute's events at the same moment, on real connections; the control runs without `FOR UPDATE`."""

import pytest
from django.utils import timezone

from shop.cases.models import Case, CaseState
from shop.mail.models import OutboxMail
from shop.orders.models import Order, OrderStatus
from shop.orders.timeline import TimelineKind
from shop.orders.transitions import TransitionRefused, dispatch
from shop.payments.models import Cause, Dispute
from shop.payments.settling.disputes import DisputeSettlement, settle_dispute
from shop.payments.settling.sessions import settle_session
from tests.shop.payments.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dispute(standin, order, payment) -> dict:
    """Open a dispute at Stripe that the shop has not heard of."""
    standin.pay(payment.session_id)
    settle_session(payment.session_id, Cause.WEBHOOK)
    return standin.dispute(payment.session_id)


def settle_at_once(dispute: dict, *, with_locks: bool = True) -> list:
    """Webhooks and reconcilers, four each."""
    causes = (Cause.WEBHOOK, Cause.RECONCILER)
    return at_once(
        8,
        lambda number: settle_dispute(dispute["id"], causes[number % 2]),
        with_locks=with_locks,
        table="payments_dispute",
    )


def times(order: Order, kind: TimelineKind) -> int:
    return order.timeline.filter(kind=kind).count()


def win_at_once(standin, dispute: dict, *, with_locks: bool = True) -> list:
    """Let the bank decide, and everybody hear of it together."""
    settle_dispute(dispute["id"], Cause.WEBHOOK)
    standin.close_dispute(dispute["id"], won=True)
    return settle_at_once(dispute, with_locks=with_locks)


def test_events_at_once_open_one_dispute(standin, order, dispute):
    answers = settle_at_once(dispute)

    assert [type(answer) for answer in answers] == [DisputeSettlement] * 8
    assert Dispute.objects.count() == 1
    assert order.holds.standing().count() == 1
    assert times(order, TimelineKind.DISPUTE_OPENED) == 1
    assert Case.objects.get().state == CaseState.OPEN
    assert OutboxMail.objects.filter(kind="payment_attention").count() == 1


def test_events_at_once_end_a_dispute_once(standin, order, dispute):
    answers = win_at_once(standin, dispute)

    assert [type(answer) for answer in answers] == [DisputeSettlement] * 8
    assert times(order, TimelineKind.DISPUTE_WON) == 1
    assert times(order, TimelineKind.RELEASED) == 1


@pytest.mark.postgres
def test_control_without_the_lock_a_dispute_ends_more_than_once(standin, order, dispute):
    win_at_once(standin, dispute, with_locks=False)

    assert times(order, TimelineKind.DISPUTE_WON) > 1


def test_a_parcel_and_a_dispute_at_once_are_one_after_the_other(standin, order, dispute, django_user_model):
    """Either the parcel left before the hold stood, or it did not leave."""
    user = django_user_model.objects.create_user("packer")

    def work(number: int):
        if number:
            return settle_dispute(dispute["id"], Cause.WEBHOOK)
        return dispatch(order.pk, "DHL", "1", user)

    parcel, _settled = at_once(2, work)

    order.refresh_from_db()
    hold = order.holds.standing().get()
    shipment = order.shipments.first()
    if isinstance(parcel, TransitionRefused):
        assert (order.status, shipment) == (OrderStatus.PAID, None)
    else:
        assert order.status == OrderStatus.DISPATCHED
        entries = list(order.timeline.order_by("pk").values_list("kind", flat=True))
        assert entries.index("dispatched") < entries.index("held")
    assert hold.placed_at <= timezone.now()
