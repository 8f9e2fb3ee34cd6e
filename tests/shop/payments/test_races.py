"""Webhook and return page at the same moment, on PostgreSQL, with real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import pytest
from django.db import connections

from shop.mail.models import OutboxMail
from shop.orders.models import Order, OrderStatus
from shop.orders.timeline import TimelineKind
from shop.payments import settlement
from shop.payments.models import Payment
from shop.payments.settlement import Outcome, settle_session

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

THREADS = 8


def at_once(work: Callable[[int], object]) -> list:
    """What the work gives or raises in each thread, all let loose at the same moment."""
    barrier = Barrier(THREADS)

    def run(number: int):
        barrier.wait()
        try:
            return work(number)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def settle(payment: Payment) -> list:
    causes = ("webhook", "return_page")
    return at_once(lambda number: settle_session(payment.session_id, causes[number % 2]).outcome)


def test_webhook_and_return_page_at_once_settle_once(standin, order, payment):
    standin.pay(payment.session_id)

    outcomes = settle(payment)

    order.refresh_from_db()
    assert outcomes == [Outcome.PAID] * THREADS
    assert order.status == OrderStatus.PAID
    assert order.timeline.filter(kind=TimelineKind.PAID).count() == 1
    assert not order.timeline.filter(kind=TimelineKind.PAID_TWICE).exists()
    assert OutboxMail.objects.filter(kind="order_paid").count() == 1


@contextmanager
def without_locks(monkeypatch):
    """The control: the same code with the lock taken out, each thread waiting between reading and writing."""
    barrier = Barrier(THREADS)

    def read_only(order_id: int) -> Order:
        order = Order.objects.get(pk=order_id)
        barrier.wait(timeout=10)
        return order

    with monkeypatch.context() as patch:
        patch.setattr(settlement, "lock_order", read_only)
        patch.setattr(Payment.objects, "select_for_update", Payment.objects.all)
        yield


def test_the_race_is_real_without_the_lock(standin, order, payment, monkeypatch):
    standin.pay(payment.session_id)

    with without_locks(monkeypatch):
        outcomes = settle(payment)

    # Without the lock several threads believe to be the first: all but one fail at the transition,
    # or note the money a second time.
    assert outcomes != [Outcome.PAID] * THREADS
