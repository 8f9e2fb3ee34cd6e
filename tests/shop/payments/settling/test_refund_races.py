"""Refunds at the same moment, on real connections; the controls run without `FOR UPDATE`."""

import pytest

from shop.mail.models import OutboxMail
from shop.orders.models import Order
from shop.orders.timeline import TimelineKind
from shop.payments.ledger import ledger_of
from shop.payments.models import Cause, Refund, RefundState
from shop.payments.refund_requests import RefundRefused, RefundRequest, request_refund
from shop.payments.settling.refunds import RefundSettlement, settle_refund
from tests.shop.payments.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def refund_at_once(order: Order, user, *, with_locks: bool = True) -> list:
    """Two of the staff give back 60 of 99 dollars each."""
    refund_request = RefundRequest(reason="Both of us were asked", amount=6000)
    return at_once(
        2,
        lambda _number: request_refund(order, refund_request, user=user),
        with_locks=with_locks,
        table="payments_refund",
    )


def test_two_people_at_once_give_back_no_more_than_is_left(standin, order, paid, django_user_model):
    answers = refund_at_once(order, django_user_model.objects.create_user("bookkeeper"))

    assert {type(answer) for answer in answers} == {Refund, RefundRefused}
    assert Refund.objects.get().state == RefundState.SUCCEEDED
    assert ledger_of(order).kept == 3900
    assert standin.books()["totals"]["usd"]["net"] == 3900


@pytest.mark.postgres
def test_control_without_the_lock_both_are_let_through(standin, order, paid, django_user_model):
    refund_at_once(order, django_user_model.objects.create_user("bookkeeper"), with_locks=False)

    assert Refund.objects.count() == 2


def settle_at_once(refund: dict, *, with_locks: bool = True) -> list:
    """Webhooks and reconcilers, four each."""
    causes = (Cause.WEBHOOK, Cause.RECONCILER)
    return at_once(
        8,
        lambda number: settle_refund(refund["id"], causes[number % 2]),
        with_locks=with_locks,
        table="payments_refund",
    )


def returned(order: Order) -> int:
    return order.timeline.filter(kind=TimelineKind.REFUNDED).count()


def test_events_at_once_return_the_money_once(standin, order, paid):
    answers = settle_at_once(standin.refund(paid.session_id, 1000))

    assert [type(answer) for answer in answers] == [RefundSettlement] * 8
    assert Refund.objects.count() == returned(order) == 1
    assert OutboxMail.objects.filter(kind="order_refunded").count() == 1


@pytest.mark.postgres
def test_control_without_the_lock_events_get_into_each_others_way(standin, order, paid):
    answers = settle_at_once(standin.refund(paid.session_id, 1000), with_locks=False)

    assert [type(answer) for answer in answers] != [RefundSettlement] * 8 or returned(order) != 1
