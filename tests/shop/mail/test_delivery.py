"""Delivery against a real SMTP server on this machine that takes, refuses or is not there."""

import smtplib
from datetime import datetime, timedelta
from typing import ClassVar

import pytest
from django.core.mail import EmailMessage, send_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

from cms.users.models import User
from home.models import PlainPage
from shop.cases.models import Case, CaseKind
from shop.mail import delivery, outbox
from shop.mail.models import MailAttempt, MailState, OutboxMail
from shop.mail.retry_policy import MAX_RETRY_TIME, MIN_ATTEMPTS
from tests.factories.shop import make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(mail_server, settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
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


class SlowServer(BaseEmailBackend):
    """A mail server during whose silence something happens, and that then refuses."""

    answers: ClassVar[list] = []

    def send_messages(self, email_messages):
        meanwhile, error = self.answers
        meanwhile()
        raise error


def too_long_ago() -> datetime:
    """So long ago that a mail that was tried since then has been tried long enough."""
    return timezone.now() - MAX_RETRY_TIME - timedelta(minutes=1)


def claim(mail: OutboxMail) -> None:
    """Claim the mail and begin to send it, as a worker does."""
    later = timezone.now() + timedelta(minutes=1)
    OutboxMail.objects.filter(pk=mail.pk).update(
        state=MailState.SENDING, leased_until=later, attempt_count=F("attempt_count") + 1
    )
    mail.attempts.create()


def abandon(mail: OutboxMail) -> None:
    """Let the mail's worker die, and the lease run out."""
    OutboxMail.objects.filter(pk=mail.pk).update(leased_until=timezone.now() - timedelta(seconds=1))


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
    assert [attempt.succeeded for attempt in mail.attempts.all()] == [False, True]
    assert not Case.objects.exists()


def test_a_server_that_says_not_now_is_asked_later_than_one_that_is_away(mailbox, mail):
    mailbox.refusal = "451 Try again later"
    delivery.deliver(mail.pk)
    mail.refresh_from_db()
    put_off = mail.next_attempt_at - mail.attempts.get().started_at

    mailbox.stop()
    OutboxMail.objects.update(next_attempt_at=timezone.now(), attempt_count=0)
    delivery.deliver(mail.pk)
    mail.refresh_from_db()
    away = mail.next_attempt_at - mail.attempts.last().started_at

    assert put_off > away > timedelta(0)


def test_a_refusal_for_good_is_one_case_without_the_address(mailbox, mail):
    mailbox.refusal = "550 jo@example.org is not known here"

    delivery.deliver(mail.pk)

    case = Case.objects.get()
    assert (case.kind, case.reference) == (CaseKind.UNDELIVERABLE_MAIL, f"mail:{mail.pk}")
    assert "550" in case.reason
    assert "jo@" not in case.reason + str(case.data)
    assert "jo@example.org is not known here" in mail.attempts.get().error


def test_nothing_is_tried_for_ever(mailbox, mail):
    mailbox.refusal = "451 Try again later"
    delivery.deliver(mail.pk)
    MailAttempt.objects.update(started_at=too_long_ago())
    OutboxMail.objects.update(next_attempt_at=timezone.now(), attempt_count=MIN_ATTEMPTS - 1)

    delivery.deliver(mail.pk)

    mail.refresh_from_db()
    assert mail.state == MailState.REFUSED
    assert "4 days" in Case.objects.get().reason


def test_days_without_a_worker_end_no_mail_that_was_tried_once_before(mailbox, mail):
    mailbox.refusal = "451 Try again later"
    delivery.deliver(mail.pk)
    MailAttempt.objects.update(started_at=too_long_ago())

    for _attempt in range(2, MIN_ATTEMPTS):
        OutboxMail.objects.update(next_attempt_at=timezone.now())
        delivery.deliver(mail.pk)
        mail.refresh_from_db()
        assert (mail.state, Case.objects.count()) == (MailState.QUEUED, 0)

    OutboxMail.objects.update(next_attempt_at=timezone.now())
    delivery.deliver(mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.attempts.count()) == (MailState.REFUSED, MIN_ATTEMPTS)


def test_a_mail_that_waited_long_for_a_worker_still_has_all_its_attempts(mailbox, mail):
    OutboxMail.objects.update(created_at=timezone.now() - MAX_RETRY_TIME * 2)
    mailbox.refusal = "451 Try again later"

    delivery.deliver(mail.pk)

    mail.refresh_from_db()
    assert mail.state == MailState.QUEUED


def test_a_refusal_for_good_is_not_is_not_tried_again(mailbox, mail):
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
    claim(mail)
    assert delivery.deliver(mail.pk) is False
    mail.refresh_from_db()
    assert mail.state == MailState.SENDING

    abandon(mail)
    delivery.deliver(mail.pk)
    OutboxMail.objects.update(next_attempt_at=timezone.now())
    assert delivery.deliver(mail.pk) is True
    assert len(mailbox.messages) == 1


def test_a_mail_whose_worker_died_waits_longer_each_time_and_says_why(mailbox, mail):
    pauses = []
    for _attempt in range(3):
        claim(mail)
        abandon(mail)
        before = timezone.now()
        assert delivery.deliver(mail.pk) is False
        mail.refresh_from_db()
        assert mail.state == MailState.QUEUED
        pauses.append(mail.next_attempt_at - before)

    assert timedelta(0) < pauses[0] < pauses[1] < pauses[2]
    assert mailbox.messages == []
    assert {attempt.error for attempt in mail.attempts.all()} == {"The worker did not report back."}
    assert {attempt.succeeded for attempt in mail.attempts.all()} == {None}


@pytest.mark.parametrize("is_noted", [True, False], ids=["attempt noted", "killed before it was noted"])
def test_a_mail_that_kills_each_worker_ends_with_one_case(mailbox, mail, is_noted):
    for _attempt in range(MIN_ATTEMPTS):
        claim(mail)
    OutboxMail.objects.update(created_at=too_long_ago())
    MailAttempt.objects.update(started_at=too_long_ago())
    if not is_noted:
        MailAttempt.objects.all().delete()
    abandon(mail)

    delivery.deliver(mail.pk)
    delivery.deliver(mail.pk)

    mail.refresh_from_db()
    assert mail.state == MailState.REFUSED
    assert mailbox.messages == []
    assert Case.objects.get().reference == f"mail:{mail.pk}"


def test_a_sweep_finds_a_mail_whose_worker_died(mail):
    claim(mail)
    assert not OutboxMail.objects.due(timezone.now()).exists()

    abandon(mail)

    assert OutboxMail.objects.due(timezone.now()).get() == mail


@pytest.mark.parametrize("error", [TimeoutError("slow"), smtplib.SMTPDataError(554, b"No")])
def test_a_late_failure_leaves_alone_what_another_worker_sends_by_now(settings, mail, error):
    """The first worker is so slow that its mail is taken back, and claimed by a second one."""
    settings.MAIL_TRANSPORT = f"{__name__}.{SlowServer.__name__}"

    def meanwhile() -> None:
        abandon(mail)
        delivery.deliver(mail.pk)
        claim(mail)

    SlowServer.answers = [meanwhile, error]
    assert delivery.deliver(mail.pk) is False

    mail.refresh_from_db()
    assert (mail.state, Case.objects.count()) == (MailState.SENDING, 0)
    assert mail.leased_until > timezone.now()
    first, second = mail.attempts.all()
    assert type(error).__name__ in first.error
    assert second.succeeded is None


def test_a_mail_that_became_pointless_while_it_was_tried_is_not_tried_again(settings, mail):
    settings.MAIL_TRANSPORT = f"{__name__}.{SlowServer.__name__}"
    SlowServer.answers = [lambda: outbox.cancel_unsent(mail.reference, mail.kind), TimeoutError("slow")]

    delivery.deliver(mail.pk)

    mail.refresh_from_db()
    assert (mail.state, Case.objects.count()) == (MailState.CANCELLED, 0)
    assert not OutboxMail.objects.waiting().exists()


def test_a_cancelled_mail_stays_unsent(mailbox, mail):
    OutboxMail.objects.update(state=MailState.CANCELLED)

    assert delivery.deliver(mail.pk) is False
    assert mailbox.messages == []


def test_what_wagtail_sends_is_kept_for_a_worker(settings, mailbox):
    """With the mail server away, submitting a page to the moderators answers as ever."""
    settings.EMAIL_BACKEND = "shop.mail.backend.OutboxBackend"
    mailbox.stop()
    chief = User.objects.create_superuser("chief", "chief@example.org", "x")
    author = User.objects.create_user("author", "author@example.org")
    page = make_site().root_page.add_child(instance=PlainPage(title="Iron & <zinc>", slug="iron", live=False))
    page.save_revision()

    workflow = Workflow.objects.create(name="Review")
    WorkflowTask.objects.create(workflow=workflow, task=GroupApprovalTask.objects.create(name="Read"))
    workflow.start(page, author)

    kept = OutboxMail.objects.filter(recipient=chief.email).latest("pk")
    assert "<zinc>" not in kept.html_body
    assert delivery.deliver(kept.pk) is False
    mailbox.start()
    OutboxMail.objects.update(next_attempt_at=timezone.now())
    assert delivery.deliver(kept.pk) is True
    assert mailbox.messages[0]["To"] == "chief@example.org"


def test_a_mail_of_django_is_a_row_for_each_recipient(settings):
    settings.EMAIL_BACKEND = "shop.mail.backend.OutboxBackend"

    text, recipients = "See https://checkup.example/ <b>", ["Ann <ann@example.org>", "bo@example.org"]
    assert send_mail("Two\tlines", text, None, recipients) == 1

    ann, bo = OutboxMail.objects.order_by("pk")
    assert (ann.recipient, bo.recipient) == ("ann@example.org", "bo@example.org")
    assert (ann.subject, ann.text_body) == ("Two lines", text)
    assert '<a href="https://checkup.example/">' in ann.html_body
    assert "&lt;b&gt;" in ann.html_body
    assert ann.reference != bo.reference
    message = EmailMessage("With a file", "x", None, ["ann@example.org"])
    message.attach("a.txt", "x")
    with pytest.raises(ValueError, match="no attachment"):
        message.send()
    assert OutboxMail.objects.count() == 2
