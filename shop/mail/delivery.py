"""Sends one mail: claim it, hand it to the mail server outside any transaction, record what happened."""

import logging
from datetime import datetime, timedelta

from anymail.message import AnymailMessage
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.mail.attachments import fetch_attachment
from shop.mail.failures import LONGEST_TRYING, PERMANENT, failure_of, reply_code
from shop.mail.models import REPORTED, MailAttempt, MailState, OutboxMail
from shop.mail.reports import ROW
from shop.mail.undeliverable import tell_staff

logger = logging.getLogger(__name__)

# Longer than a task may run, so that no second worker claims what the first still sends.
LEASE = timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)


def deliver(mail_id: int) -> bool:
    """Sends the mail if it is due; False when it is not, or when the mail server did not take it."""
    mail = _claim(mail_id)
    if mail is None:
        return False
    attempt = MailAttempt.objects.create(mail=mail)
    try:
        service_message_id = _send(mail)
    # Whatever the mail server or the network does, the attempt is recorded and the mail is tried again.
    except Exception as error:
        logger.warning("Mail %s was not taken: %s", mail.pk, type(error).__name__)
        _record_failure(mail, attempt, error)
        return False
    _record_success(mail, attempt, service_message_id)
    return True


def _claim(mail_id: int) -> OutboxMail | None:
    now = timezone.now()
    claimed = (
        OutboxMail.objects.due(now)
        .filter(pk=mail_id)
        .update(state=MailState.SENDING, leased_until=now + LEASE, attempt_count=F("attempt_count") + 1)
    )
    return OutboxMail.objects.get(pk=mail_id) if claimed else None


def _send(mail: OutboxMail) -> str:
    """What an e-mail service calls the mail; empty for a mail server, which keeps our own Message-ID."""
    # A plain message to a mail server; anymail's services read the metadata and fill the status.
    message = AnymailMessage(
        subject=mail.subject,
        body=mail.text_body,
        to=[mail.recipient],
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
        metadata={ROW: str(mail.pk)},
    )
    message.attach_alternative(mail.html_body, "text/html")
    if mail.attachment:
        message.attach(*fetch_attachment(mail.attachment))
    message.send()
    return str(message.anymail_status.message_id or "")


def _record_success(mail: OutboxMail, attempt: MailAttempt, service_message_id: str) -> None:
    row = OutboxMail.objects.filter(pk=mail.pk)
    with transaction.atomic():
        row.update(sent_at=timezone.now(), leased_until=None, service_message_id=service_message_id[:200])
        # A service may report a bounce before we have written down that it took the mail.
        row.exclude(state__in=REPORTED).update(state=MailState.SENT)
        MailAttempt.objects.filter(pk=attempt.pk).update(succeeded=True)


def _record_failure(mail: OutboxMail, attempt: MailAttempt, error: Exception) -> None:
    """Tries again later, or ends as refused with a case for the staff; never for ever."""
    now = timezone.now()
    failure = failure_of(error)
    ends = failure.is_permanent or now - _first_attempt_at(mail) > LONGEST_TRYING
    with transaction.atomic():
        is_ours = OutboxMail.objects.filter(pk=mail.pk, state=MailState.SENDING).update(
            state=MailState.REFUSED if ends else MailState.QUEUED,
            leased_until=None,
            next_attempt_at=now + failure.pause_after(mail.attempt_count),
        )
        MailAttempt.objects.filter(pk=attempt.pk).update(
            succeeded=False, error=f"{type(error).__name__}: {error}"
        )
        if ends and is_ours:
            tell_staff(mail, _reason(error))


def _first_attempt_at(mail: OutboxMail) -> datetime:
    """From when on it was tried; a mail that waited for a worker has lost no time."""
    return mail.attempts.values_list("started_at", flat=True).earliest("started_at")


def _reason(error: Exception) -> str:
    if failure_of(error) is PERMANENT:
        code = reply_code(error)
        words = _("The mail server refused the mail for good")
        return f"{words} ({code})." if code else f"{words}."
    return _("The mail could not be sent for %(days)d days.") % {"days": LONGEST_TRYING.days}
