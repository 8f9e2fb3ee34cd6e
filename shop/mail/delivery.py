"""Sends one mail: claim it, hand it to the mail server outside any transaction, record what happened."""

import logging
from datetime import datetime, timedelta

from anymail.message import AnymailMessage
from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from shop.mail.models import REPORTED, MailAttempt, MailState, OutboxMail
from shop.mail.reports import ROW
from shop.mail.retry_policy import (
    MAX_RETRY_TIME,
    MIN_ATTEMPTS,
    PERMANENT,
    UNREPORTED,
    Failure,
    failure_of,
    reply_code,
)
from shop.mail.undeliverable import open_mail_case
from shop.references import parse_reference

logger = logging.getLogger(__name__)

# Longer than a task may run, so that no second worker claims what the first still sends.
LEASE = timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)


def deliver(mail_id: int) -> bool:
    """Send the mail if it is due; return False when it is not, or when the mail server did not take it.

    One that its worker has abandoned is not sent at once: it ends, or waits first.
    """
    mail = _claim(mail_id)
    if mail is None:
        _take_back(mail_id)
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
        OutboxMail.objects.ready(now)
        .filter(pk=mail_id)
        .update(state=MailState.SENDING, leased_until=now + LEASE, attempt_count=F("attempt_count") + 1)
    )
    return OutboxMail.objects.get(pk=mail_id) if claimed else None


def _take_back(mail_id: int) -> None:
    """End an abandoned mail or let it wait, as its worker would have done after a failure."""
    mail = OutboxMail.objects.abandoned(timezone.now()).filter(pk=mail_id).first()
    if mail is None:
        return
    with transaction.atomic():
        if _put_off(mail, UNREPORTED, _hopeless_reason()):
            # Not a failure: nobody knows whether the mail server took it.
            mail.attempts.filter(succeeded=None).update(error=_("The worker did not report back."))


def _send(mail: OutboxMail) -> str:
    """Return the e-mail service's id of the mail; empty for a mail server, which keeps our Message-ID."""
    # A plain message to a mail server; anymail's services read the metadata and fill the status.
    message = AnymailMessage(
        subject=mail.subject,
        body=mail.text_body,
        to=[mail.recipient],
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
        metadata={ROW: str(mail.pk)},
        connection=get_connection(settings.MAIL_TRANSPORT),
    )
    message.attach_alternative(mail.html_body, "text/html")
    if mail.attachment:
        message.attach(*_fetch_attachment(mail.attachment))
    message.send()
    return str(message.anymail_status.message_id or "")


def _record_success(mail: OutboxMail, attempt: MailAttempt, service_message_id: str) -> None:
    row = OutboxMail.objects.filter(pk=mail.pk)
    with transaction.atomic():
        row.update(sent_at=timezone.now(), leased_until=None, service_message_id=service_message_id[:200])
        # A service may report a bounce before we have written down that it took the mail.
        row.exclude(state__in=REPORTED).update(state=MailState.SENT)
        MailAttempt.objects.filter(pk=attempt.pk).update(succeeded=True, error="")


def _record_failure(mail: OutboxMail, attempt: MailAttempt, error: Exception) -> None:
    with transaction.atomic():
        MailAttempt.objects.filter(pk=attempt.pk).update(
            succeeded=False, error=f"{type(error).__name__}: {error}"
        )
        _put_off(mail, failure_of(error), _reason(error))


def _put_off(mail: OutboxMail, failure: Failure, reason: str) -> bool:
    """Queue it for another attempt, or end it as refused with a case for the staff; never for ever.

    False when it is not this attempt's any more: cancelled, reported on, or claimed by another worker since.
    """
    now = timezone.now()
    ends = failure.is_permanent or _is_hopeless(mail, now)
    is_ours = OutboxMail.objects.filter(
        pk=mail.pk, state=MailState.SENDING, attempt_count=mail.attempt_count
    ).update(
        state=MailState.REFUSED if ends else MailState.QUEUED,
        leased_until=None,
        next_attempt_at=now + failure.pause_after(mail.attempt_count),
    )
    if is_ours and ends:
        open_mail_case(mail, reason)
    return bool(is_ours)


def _is_hopeless(mail: OutboxMail, now: datetime) -> bool:
    """Return whether it was tried often and for long; waiting for a worker counts as neither."""
    if mail.attempt_count < MIN_ATTEMPTS:
        return False
    first = mail.attempts.order_by("started_at").values_list("started_at", flat=True).first()
    # A worker can die before it has noted its attempt; then the age of the mail must do.
    return now - (first or mail.created_at) > MAX_RETRY_TIME


def _reason(error: Exception) -> str:
    if failure_of(error) is PERMANENT:
        code = reply_code(error)
        words = _("The mail server refused the mail for good")
        return f"{words} ({code})." if code else f"{words}."
    return _hopeless_reason()


def _hopeless_reason() -> str:
    return _("The mail could not be sent for %(days)d days.") % {"days": MAX_RETRY_TIME.days}


def _fetch_attachment(reference: str) -> tuple[str, bytes, str]:
    """Return file name, bytes and media type of "receipt-of:AB12CD34", by settings.MAIL_ATTACHMENTS.

    Raise LookupError for a kind that has none. Whatever is raised here, the mail is not sent without.
    """
    kind, name = parse_reference(reference)
    return import_string(settings.MAIL_ATTACHMENTS[kind])(name)
