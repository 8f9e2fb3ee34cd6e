"""Sends one mail: claim it, hand it to the mail server outside any transaction, record what happened."""

import logging
import smtplib
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shop.mail.attachments import fetch_attachment
from shop.mail.models import MailAttempt, MailState, OutboxMail

logger = logging.getLogger(__name__)

# Longer than a task may run, so that no second worker claims what the first still sends.
LEASE = timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
FIRST_PAUSE_SECONDS = settings.OUTBOX_FIRST_PAUSE_SECONDS
LONGEST_PAUSE_SECONDS = 3600


def deliver(mail_id: int) -> bool:
    """Sends the mail if it is due; False when it is not, or when the mail server did not take it."""
    mail = _claim(mail_id)
    if mail is None:
        return False
    attempt = MailAttempt.objects.create(mail=mail)
    try:
        _send(mail)
    # Whatever the mail server or the network does, the attempt is recorded and the mail is tried again.
    except Exception as error:
        logger.warning("Mail %s was not taken: %s", mail.pk, type(error).__name__)
        _record_failure(mail, attempt, error)
        return False
    _record_success(mail, attempt)
    return True


def pause_before_attempt(attempt_count: int) -> timedelta:
    """How long to wait after this many attempts: 30 seconds, doubled each time, an hour at most."""
    doubled = FIRST_PAUSE_SECONDS * 2 ** min(max(attempt_count - 1, 0), 16)
    return timedelta(seconds=min(doubled, LONGEST_PAUSE_SECONDS))


def is_permanent(error: Exception) -> bool:
    """Whether the server refused this recipient or this content for good (RFC 5321, reply codes 5yz).

    A refused log-in (535) is our own configuration's fault and is tried again.
    """
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return False
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return 500 <= error.smtp_code < 600
    return False


def _claim(mail_id: int) -> OutboxMail | None:
    now = timezone.now()
    claimed = (
        OutboxMail.objects.due(now)
        .filter(pk=mail_id)
        .update(state=MailState.SENDING, leased_until=now + LEASE, attempt_count=F("attempt_count") + 1)
    )
    return OutboxMail.objects.get(pk=mail_id) if claimed else None


def _send(mail: OutboxMail) -> None:
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text_body,
        to=[mail.recipient],
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(mail.html_body, "text/html")
    if mail.attachment:
        message.attach(*fetch_attachment(mail.attachment))
    message.send()


def _record_success(mail: OutboxMail, attempt: MailAttempt) -> None:
    with transaction.atomic():
        OutboxMail.objects.filter(pk=mail.pk).update(
            state=MailState.SENT, sent_at=timezone.now(), leased_until=None
        )
        MailAttempt.objects.filter(pk=attempt.pk).update(succeeded=True)


def _record_failure(mail: OutboxMail, attempt: MailAttempt, error: Exception) -> None:
    state = MailState.REFUSED if is_permanent(error) else MailState.QUEUED
    with transaction.atomic():
        OutboxMail.objects.filter(pk=mail.pk, state=MailState.SENDING).update(
            state=state,
            leased_until=None,
            next_attempt_at=timezone.now() + pause_before_attempt(mail.attempt_count),
        )
        MailAttempt.objects.filter(pk=attempt.pk).update(
            succeeded=False, error=f"{type(error).__name__}: {error}"
        )
