"""What an e-mail service reports after it took a mail: it bounced, or the reader called it spam.

Services report repeatedly and in any order; a report that says nothing new changes nothing.
"""

import logging

from anymail.signals import AnymailTrackingEvent, EventType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.mail.models import MailState, OutboxMail
from shop.mail.undeliverable import open_mail_case

logger = logging.getLogger(__name__)

# What the service keeps with the mail and sends back with each report: the row's number, nobody's data.
ROW = "outbox_mail"
NOT_DELIVERED = frozenset({EventType.BOUNCED, EventType.REJECTED, EventType.FAILED})


def receive(sender: object, event: AnymailTrackingEvent, esp_name: str, **kwargs: object) -> None:
    """Handle a verified report; Anymail's hook."""
    record(event)


def record(event: AnymailTrackingEvent) -> bool:
    """Mark the mail and open its case; return False when no person is needed or the mail is not ours."""
    if event.event_type in NOT_DELIVERED:
        state, reason = MailState.BOUNCED, _("The e-mail service could not deliver the mail.")
    elif event.event_type == EventType.COMPLAINED:
        state, reason = MailState.COMPLAINED, _("The recipient reported the mail as spam.")
    else:
        return False
    mail = _mail_of(event)
    if mail is None:
        logger.warning("A report of the e-mail service is about no mail in the outbox")
        return False
    with transaction.atomic():
        if not _mark(mail, state, event):
            return False
        open_mail_case(mail, reason, occasion=state)
    return True


def _mail_of(event: AnymailTrackingEvent) -> OutboxMail | None:
    """Return the mail by our own number for it, or by the service's."""
    number = str((event.metadata or {}).get(ROW, ""))
    if number.isascii() and number.isdecimal():
        return OutboxMail.objects.filter(pk=number).first()
    if not event.message_id:
        return None
    return OutboxMail.objects.filter(service_message_id=event.message_id).first()


def _mark(mail: OutboxMail, state: MailState, event: AnymailTrackingEvent) -> bool:
    """Return whether it is news. A mail whose recipient was erased keeps no words about them."""
    # Somebody who calls it spam has it, so a complaint is the later news whichever comes first.
    news = OutboxMail.objects.filter(pk=mail.pk).exclude(state__in=[state, MailState.COMPLAINED])
    if not news.update(state=state, leased_until=None, reported_at=timezone.now()):
        return False
    words = event.mta_response or event.description or event.reject_reason or ""
    OutboxMail.objects.filter(pk=mail.pk).exclude(recipient="").update(report=str(words))
    return True
