"""A real worker and a real mail server, one of which is not there when the mail is written."""

import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from kombu import Connection

from shop.mail import outbox
from shop.mail.models import MailState, OutboxMail
from shop.mail.tasks import SWEPT_A_SECOND, deliver_mail, sweep_outbox
from tests import services
from tests.live_site import PROJECT, clean_environment, database_url
from tests.services import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

CONTEXT = {
    "order_code": "K7QM4XPR",
    "order_url": "https://checkup.example/",
    "buyer_name": "Jo",
    "total": "$99",
}


def enqueue(kind: str = "order_paid") -> OutboxMail:
    with transaction.atomic():
        return outbox.enqueue(
            reference="order:K7QM4XPR", kind=kind, recipient="jo@example.org", context=CONTEXT
        )


def is_sent(mail: OutboxMail) -> bool:
    return OutboxMail.objects.filter(pk=mail.pk, state=MailState.SENT).exists()


def test_a_commit_nudges_the_worker(worker, mail_server):
    worker.start(EMAIL_URL=mail_server.url)

    mail = enqueue()

    wait_until(lambda: is_sent(mail), what="the mail")
    assert [message["To"] for message in mail_server.messages] == ["jo@example.org"]


def test_a_mail_written_while_no_worker_runs_leaves_when_one_starts(worker, mail_server):
    mail = enqueue()
    assert not is_sent(mail)

    worker.start(EMAIL_URL=mail_server.url)

    wait_until(lambda: is_sent(mail), what="the mail")
    assert len(mail_server.messages) == 1


def test_a_dead_broker_fails_no_order_and_the_sweep_sends_the_mail(worker, mail_server):
    _enqueue_with_a_dead_broker()
    mail = OutboxMail.objects.get()
    assert mail.state == MailState.QUEUED

    worker.start(EMAIL_URL=mail_server.url)
    sweep_outbox()

    wait_until(lambda: is_sent(mail), what="the mail")
    assert len(mail_server.messages) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
def test_a_worker_with_a_mail_in_hand_outlives_its_broker(worker, mail_server, tmp_path, number):
    services.require_program("redis-server", "valkey-server", package="redis-server")
    broker = services.RedisServer(tmp_path)
    broker.start()
    try:
        worker.start(with_beat=True, REDIS_URL=broker.url, EMAIL_URL=mail_server.url)
        mail_server.is_held = True
        first = enqueue()
        _hand_over(first, broker.url)
        wait_until(
            lambda: OutboxMail.objects.filter(pk=first.pk, state=MailState.SENDING).exists(), what="the claim"
        )

        broker.stop(number)
        wait_until(lambda: any("to broker lost" in line for line in worker.log), what="the loss")
        mail_server.is_held = False
        wait_until(lambda: is_sent(first), what="the mail in hand")
        broker.start()
        wait_until(lambda: sum("Connected to" in line for line in worker.log) == 2, what="a new connection")

        second = enqueue(kind="order_dispatched")
        _hand_over(second, broker.url)
        wait_until(lambda: is_sent(second), what="a mail over the new connection")
        assert worker.is_alive()
        assert len(mail_server.messages) == 2
    finally:
        broker.stop()


def _hand_over(mail: OutboxMail, broker_url: str) -> None:
    """To the worker of this broker; the test's own process has another."""
    with Connection(broker_url) as broker:
        deliver_mail.apply_async((mail.pk,), connection=broker)


def _enqueue_with_a_dead_broker() -> None:
    """In a process of its own whose Redis nobody listens at."""
    subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c",
         "from tests.shop.mail.test_faults import enqueue; enqueue()"],
        env=clean_environment(
            settings.VAR_DIR,
            DATABASE_URL=database_url(connection.settings_dict),
            REDIS_URL="redis://127.0.0.1:1/0",
        ),
        cwd=PROJECT,
        check=True,
        timeout=60,
    )  # fmt: skip


def test_a_mail_server_that_was_down_gets_the_mail_from_the_next_sweep(worker, mail_server):
    mail_server.stop()
    worker.start(EMAIL_URL=mail_server.url)
    mail = enqueue()
    wait_until(lambda: mail.attempts.filter(succeeded=False).exists(), what="the first attempt")
    wait_until(
        lambda: OutboxMail.objects.filter(state=MailState.QUEUED, attempt_count=1).exists(), what="the pause"
    )

    mail_server.start()
    OutboxMail.objects.update(next_attempt_at=mail.created_at)
    sweep_outbox()

    wait_until(lambda: is_sent(mail), what="the mail")
    assert len(mail_server.messages) == 1


def test_a_sweep_hands_out_no_more_than_a_worker_sends_before_the_next():
    """Otherwise a long queue of messages that expire unread starves every mail behind them."""
    messages = settings.VAR_DIR / "broker" / "messages"
    most = SWEPT_A_SECOND * settings.OUTBOX_SWEEP_SECONDS
    OutboxMail.objects.bulk_create(
        OutboxMail(
            reference=f"order:{number}",
            kind="order_paid",
            recipient="jo@example.org",
            message_id=f"<{number}@checkup.example>",
            next_attempt_at=timezone.now(),
        )
        for number in range(most + 20)
    )
    before = len(list(messages.iterdir()))

    sweep_outbox()

    assert len(list(messages.iterdir())) - before == most
    assert settings.CELERY_BEAT_SCHEDULE["send-due-mails"]["options"]["expires"] <= 15
