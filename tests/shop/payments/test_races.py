"""Everything at the same moment, on real connections.

The controls run the same code with `FOR UPDATE` cut out of its SQL: each must fail where its test succeeds,
which shows that the test would notice a missing lock.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from shop.mail.models import OutboxMail
from shop.orders.models import Order, OrderStatus
from shop.orders.timeline import TimelineKind
from shop.payments.attempts import PaymentNotPossible
from shop.payments.cancelling import cancel_unpaid
from shop.payments.models import Cause, EventState, Payment, PaymentState, WebhookEvent
from shop.payments.settling.sessions import Outcome, settle_session
from tests.services import wait_until
from tests.shop.payments.conftest import begin_payment

pytestmark = pytest.mark.django_db(transaction=True)

LOCK = " FOR UPDATE"
MEETING_SECONDS = 1.0


class Meeting:
    """Lets all threads read a payment (or a row of `table`) before any writes, as far as the database allows.

    Where rows are locked only one gets there; it waits for the others in vain and goes on.
    """

    def __init__(self, threads: int, *, with_locks: bool = True, table: str = "payments_payment") -> None:
        self.barrier = Barrier(threads)
        self.table = table
        self.with_locks = with_locks

    def __call__(self, execute, sql, params, many, context):
        """Django's hook around each statement."""
        is_last_read = LOCK in sql and f'"{self.table}"' in sql
        result = execute(sql if self.with_locks else sql.replace(LOCK, ""), params, many, context)
        if is_last_read:
            with suppress(BrokenBarrierError):
                self.barrier.wait(timeout=MEETING_SECONDS)
        return result


def at_once(
    threads: int,
    work: Callable[[int], object],
    *,
    with_locks: bool = True,
    table: str = "payments_payment",
) -> list:
    """Return what the work returns or raises in each thread, all let loose at the same moment."""
    start, meeting = Barrier(threads), Meeting(threads, with_locks=with_locks, table=table)

    def run(number: int):
        start.wait()
        try:
            with connection.execute_wrapper(meeting):
                return work(number)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def settle_at_once(payment: Payment, *, with_locks: bool = True) -> list:
    """Webhooks and return pages, four each."""
    causes = (Cause.WEBHOOK, Cause.RETURN_PAGE)
    return at_once(
        8,
        lambda number: settle_session(payment.session_id, causes[number % 2]).outcome,
        with_locks=with_locks,
    )


def deliver_at_once(standin, *, with_locks: bool = True) -> list[int]:
    """Send the same event twenty times and return the responses' status codes."""
    body, signature = standin.signed(standin.events("checkout.session.completed")[-1])

    def deliver(_number: int) -> int:
        client = Client(raise_request_exception=False)
        answer = client.post(
            reverse("payments:webhook"),
            data=body,
            content_type="application/json",
            headers={"Stripe-Signature": signature},
        )
        return answer.status_code

    return at_once(20, deliver, with_locks=with_locks)


def is_paid_once(order: Order) -> bool:
    """One payment, one transition, one receipt, one mail to each."""
    order.refresh_from_db()
    return (
        order.status == OrderStatus.PAID
        and order.payments.filter(state=PaymentState.SUCCEEDED).count() == 1
        and order.timeline.filter(kind=TimelineKind.PAID).count() == 1
        and not order.timeline.filter(kind=TimelineKind.PAID_TWICE).exists()
        and order.receipts.count() == 1
        and OutboxMail.objects.filter(kind="order_paid").count() == 1
        and OutboxMail.objects.filter(kind="new_order").count() == 1
    )


def test_webhook_and_return_page_at_once_settle_once(standin, order, payment):
    standin.pay(payment.session_id)

    assert settle_at_once(payment) == [Outcome.PAID] * 8
    assert is_paid_once(order)


@pytest.mark.postgres
def test_control_without_the_lock_they_settle_more_than_once(standin, order, payment):
    standin.pay(payment.session_id)

    outcomes = settle_at_once(payment, with_locks=False)

    assert outcomes != [Outcome.PAID] * 8 or not is_paid_once(order)


def failures(caplog) -> list[str]:
    """Return what went wrong while events were handled, even where the next delivery mended it."""
    return [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]


def test_the_same_event_twenty_times_at_once_has_one_effect(standin, order, payment, caplog):
    standin.pay(payment.session_id)

    assert deliver_at_once(standin) == [200] * 20
    assert failures(caplog) == []
    assert is_paid_once(order)
    assert WebhookEvent.objects.get().state == EventState.HANDLED


@pytest.mark.postgres
def test_control_without_the_lock_deliveries_get_into_each_others_way(standin, order, payment, caplog):
    standin.pay(payment.session_id)

    deliver_at_once(standin, with_locks=False)

    assert failures(caplog)


def test_clicks_at_once_begin_one_payment(standin, order):
    payments = at_once(8, lambda _number: begin_payment(Order.objects.get(pk=order.pk)))

    assert {(payment.pk, payment.url) for payment in payments} == {(payments[0].pk, payments[0].url)}
    assert Payment.objects.count() == 1
    assert order.timeline.filter(kind=TimelineKind.PAYMENT_STARTED).count() == 1


def test_two_payments_of_one_order_at_once_are_both_kept(standin, order, payment):
    Payment.objects.filter(pk=payment.pk).update(state=PaymentState.EXPIRED)
    sessions = [payment.session_id, begin_payment(order).session_id]
    for session_id in sessions:
        standin.pay(session_id)

    outcomes = at_once(2, lambda number: settle_session(sessions[number], Cause.WEBHOOK).outcome)

    order.refresh_from_db()
    assert outcomes == [Outcome.PAID] * 2
    assert order.status == OrderStatus.PAID
    assert order.payments.filter(state=PaymentState.SUCCEEDED).count() == 2
    assert order.timeline.filter(kind=TimelineKind.PAID).count() == 1
    assert order.timeline.filter(kind=TimelineKind.PAID_TWICE).count() == 1
    assert OutboxMail.objects.filter(kind="order_paid").count() == 1


def test_an_order_cancelled_while_stripe_makes_the_session_leaves_nothing_to_pay(standin, order):
    standin.fault("slow", match="POST /v1/checkout/sessions", count=1, seconds=1.5)

    def begin():
        try:
            return begin_payment(order)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        beginning = pool.submit(begin)
        wait_until(Payment.objects.exists, what="the attempt's row")
        assert cancel_unpaid(order.pk) is True
        with pytest.raises(PaymentNotPossible):
            beginning.result()

    order.refresh_from_db()
    assert order.status == OrderStatus.CANCELLED
    assert Payment.objects.get().state == PaymentState.EXPIRED
    assert [event["type"] for event in standin.events()] == ["checkout.session.expired"]
