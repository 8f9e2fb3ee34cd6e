"""Numbers taken at the same moment, on real connections; the control cuts `FOR UPDATE` out of the SQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection, connections
from django.utils import timezone

from shop.orders.models import Order
from shop.receipts.documents import pdf_of
from shop.receipts.issuing import issue_receipt
from shop.receipts.models import Receipt, ReceiptCounter
from tests.factories.shop import make_order, make_package, make_site_settings

pytestmark = pytest.mark.django_db(transaction=True)

LOCK = " FOR UPDATE"
ORDERS = 6
MEETING_SECONDS = 1.0


def at_once(threads: int, work: Callable[[int], object], *, with_locks: bool = True) -> list:
    """Return what each thread returns or raises, when all read the counter before any of them writes it."""
    start, meeting = Barrier(threads), Barrier(threads)

    def hook(execute, sql, params, many, context):
        is_number_read = LOCK in sql and '"receipts_receiptcounter"' in sql
        result = execute(sql if with_locks else sql.replace(LOCK, ""), params, many, context)
        if is_number_read:
            with suppress(BrokenBarrierError):
                meeting.wait(timeout=MEETING_SECONDS)
        return result

    def run(number: int):
        start.wait()
        try:
            with connection.execute_wrapper(hook):
                return work(number)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


@pytest.fixture
def orders(db) -> list[Order]:
    make_site_settings()
    package = make_package()
    orders = [make_order(package=package) for _number in range(ORDERS)]
    Order.objects.update(paid_at=timezone.now())
    return orders


def is_gapless() -> bool:
    """Each order has a receipt, and the numbers are 1, 2, 3 …"""
    numbers = sorted(int(number[5:]) for number in Receipt.objects.values_list("number", flat=True))
    return numbers == list(range(1, ORDERS + 1))


def test_numbers_taken_at_once_have_no_gap_and_no_double(orders):
    at_once(ORDERS, lambda number: issue_receipt(orders[number]).number)

    assert is_gapless()


@pytest.mark.postgres
def test_control_without_the_lock_numbers_are_taken_twice(orders):
    # The year's row is there, or its insert would let the threads wait for each other.
    ReceiptCounter.objects.create(year=timezone.localdate().year)

    at_once(ORDERS, lambda number: issue_receipt(orders[number]).number, with_locks=False)

    assert not is_gapless()


def test_one_order_asked_for_at_once_has_one_receipt(orders):
    receipts = at_once(ORDERS, lambda _number: issue_receipt(orders[0]))

    assert {receipt.pk for receipt in receipts} == {Receipt.objects.get().pk}


def test_a_document_drawn_at_once_is_the_same_for_all(orders):
    receipt = issue_receipt(orders[0])

    assert set(at_once(4, lambda _number: pdf_of(receipt.pk))) == {pdf_of(receipt.pk)}
