"""Whatever happens to an order while it is erased happens before or after, and never between."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from shop.checkout.models import LinkRequest
from shop.mail import delivery, outbox
from shop.mail.models import MailState, OutboxMail
from shop.orders.models import Order, OrderStatus
from shop.privacy.erasure import erase_order
from tests.services import wait_until
from tests.shop.privacy.conftest import EMAIL, NAME, place
from tests.shop.privacy.database_dump import tables_with

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_two_at_once_erase_once(package):
    order = place(package)
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.CANCELLED)
    barrier = threading.Barrier(4)

    def erase(_number: int) -> bool:
        barrier.wait()
        try:
            return erase_order(order.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        firsts = list(pool.map(erase, range(4)))

    assert sorted(firsts) == [False, False, False, True]
    assert order.timeline.filter(kind="erased").count() == 1


def test_a_worker_that_claims_a_mail_comes_before_or_after_and_never_between(package):
    """No worker holds the old words afterwards: it had them before (refused) or finds nothing to send."""
    order = place(package)
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.CANCELLED)
    mail = OutboxMail.objects.get(kind="order_received")
    claimed = []

    def claim() -> None:
        try:
            claimed.append(delivery._claim(mail.pk))
        finally:
            connection.close()

    with transaction.atomic():
        erase_order(order.pk)
        worker = threading.Thread(target=claim)
        worker.start()
        wait_until(_somebody_waits_for_a_lock, what="the worker at the locked mail")
    worker.join()

    assert claimed == [None]
    mail.refresh_from_db()
    assert (mail.state, mail.recipient) == (MailState.CANCELLED, "")


def test_a_mail_that_is_sent_again_meanwhile_is_erased_with_its_copy(package, colleague):
    order = place(package)
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.CANCELLED)
    mail = OutboxMail.objects.get(kind="order_received")
    OutboxMail.objects.update(state=MailState.SENT)

    def erase() -> None:
        try:
            erase_order(order.pk)
        finally:
            connection.close()

    with transaction.atomic():
        outbox.resend(mail, colleague)
        eraser = threading.Thread(target=erase)
        eraser.start()
        wait_until(_somebody_waits_for_a_lock, what="the erasure at the locked mail")
    eraser.join()

    assert OutboxMail.objects.filter(resent_by=colleague).get().state == MailState.CANCELLED
    assert tables_with([EMAIL, NAME]) == {}


def test_a_worker_that_answers_a_request_for_the_link_is_not_waited_for(package):
    """It waits for the order itself, so each would wait for the other; and it removes the request."""
    order = place(package)
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.CANCELLED)
    asked = LinkRequest.objects.create(code=order.code, email=EMAIL)
    erased = []

    def erase() -> None:
        try:
            erased.append(erase_order(order.pk))
        finally:
            connection.close()

    with transaction.atomic():
        LinkRequest.objects.select_for_update().get(pk=asked.pk)
        eraser = threading.Thread(target=erase)
        eraser.start()
        eraser.join(timeout=20)
        in_time = list(erased)
    eraser.join()

    assert in_time == [True]


def _somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0
