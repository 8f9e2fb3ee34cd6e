"""Delivery against a real SMTP server on this machine that takes, refuses or is not there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shop.mail import delivery
from shop.mail.models import MailState, OutboxMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(mail_server, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_server.port
    return mail_server


@pytest.fixture
def mail() -> OutboxMail:
    return OutboxMail.objects.create(
        reference="order:K7QM4XPR",
        kind="order_paid",
        recipient="jo@example.org",
        subject="Payment received",
        text_body="Thank you",
        html_body="<p>Thank you</p>",
        message_id="<one@checkup.example>",
        next_attempt_at=timezone.now(),
    )


def test_a_due_mail_is_sent_once_under_its_message_id(mailbox, mail):
    assert delivery.deliver(mail.pk) is True
    assert delivery.deliver(mail.pk) is False

    mail.refresh_from_db()
    assert mail.state == MailState.SENT
    assert mail.sent_at is not None
    assert len(mailbox.messages) == 1
    assert mailbox.messages[0]["Message-ID"] == "<one@checkup.example>"
    assert [part.get_content_type() for part in mailbox.messages[0].walk()][1:] == ["text/plain", "text/html"]
    assert [attempt.succeeded for attempt in mail.attempts.all()] == [True]


def test_a_temporary_refusal_is_tried_again_later(mailbox, mail):
    mailbox.refusal = "451 Try again later"

    assert delivery.deliver(mail.pk) is False

    mail.refresh_from_db()
    assert mail.state == MailState.QUEUED
    assert mail.next_attempt_at > timezone.now()
    assert "451" in mail.attempts.get().error

    mailbox.refusal = ""
    OutboxMail.objects.update(next_attempt_at=timezone.now())
    assert delivery.deliver(mail.pk) is True
    assert len(mailbox.messages) == 1


def test_a_refusal_for_good_is_not_tried_again(mailbox, mail):
    mailbox.refusal = "554 No such person"

    delivery.deliver(mail.pk)

    mail.refresh_from_db()
    assert mail.state == MailState.REFUSED
    OutboxMail.objects.update(next_attempt_at=timezone.now() - timedelta(days=1))
    assert delivery.deliver(mail.pk) is False
    assert mail.attempts.count() == 1


def test_a_mail_server_that_is_not_there_loses_nothing(mailbox, mail):
    mailbox.stop()

    assert delivery.deliver(mail.pk) is False

    mail.refresh_from_db()
    assert mail.state == MailState.QUEUED
    assert "Connection" in mail.attempts.get().error


def test_a_mail_that_another_worker_holds_is_left_alone_until_its_lease_ends(mailbox, mail):
    OutboxMail.objects.update(state=MailState.SENDING, leased_until=timezone.now() + timedelta(minutes=1))
    assert delivery.deliver(mail.pk) is False
    assert mailbox.messages == []

    OutboxMail.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert delivery.deliver(mail.pk) is True
    assert len(mailbox.messages) == 1


def test_a_cancelled_mail_stays_unsent(mailbox, mail):
    OutboxMail.objects.update(state=MailState.CANCELLED)

    assert delivery.deliver(mail.pk) is False
    assert mailbox.messages == []


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 30), (2, 60), (3, 120), (7, 1920), (8, 3600), (50, 3600)]
)
def test_pauses_double_up_to_an_hour(attempts, seconds):
    assert delivery.pause_before_attempt(attempts) == timedelta(seconds=seconds)
