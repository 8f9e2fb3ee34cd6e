"""The outbox: a mail is a row, written with the change that causes it.

Call `enqueue` inside the causing transaction. The commit only nudges a worker; if nobody hears the nudge, the
sweeper in beat finds the row. Delivery is at least once, always under the row's one Message-ID.
"""

from email.utils import make_msgid, parseaddr
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Replace
from django.utils import timezone
from django.utils.html import linebreaks, urlize
from django.utils.translation import gettext as _

from cms.background import nudge
from cms.typed.text import clean_line, without_controls
from cms.users.models import User
from shop.mail import rendering
from shop.mail.models import MAX_SUBJECT_LENGTH, MailState, OutboxMail
from shop.mail.tasks import deliver_mail
from shop.mail.undeliverable import resolve_mail_cases
from shop.references import ReferenceKind, build_reference

NOTICE = "notice"  # the kind of what Django and Wagtail send by themselves


class ResendRefused(Exception):
    """Nothing was queued; the text says why in words for staff."""


def enqueue(
    *,
    reference: str,
    kind: str,
    recipient: str,
    context: dict,
    occasion: str = "",
    attachment: str = "",
) -> OutboxMail:
    """Write the mail of this kind about this reference, to be sent after the commit, and return it.

    For the same reference, kind and occasion it returns the first row and sends nothing more.
    `attachment` names what is attached at sending (see delivery).
    Raise KeyError for an unknown kind.
    """
    existing = OutboxMail.objects.filter(reference=reference, kind=kind, occasion=occasion)
    if mail := existing.first():
        return mail
    rendered = rendering.render(kind, context)
    try:
        with transaction.atomic():
            mail = OutboxMail.objects.create(
                reference=reference,
                kind=kind,
                occasion=occasion,
                recipient=recipient,
                subject=rendered.subject,
                text_body=rendered.text,
                html_body=rendered.html,
                attachment=attachment,
                message_id=_new_message_id(),
                next_attempt_at=timezone.now(),
            )
    except IntegrityError:
        # Another transaction wrote it between our look and our insert.
        return existing.get()
    nudge(deliver_mail, mail.pk)
    return mail


@transaction.atomic
def keep(message: EmailMessage) -> None:
    """Store a mail that was worded elsewhere, as a row for each recipient.

    Raise ValueError for one with an attachment.
    """
    if message.attachments:
        raise ValueError("The outbox keeps no attachment.")
    text = without_controls(str(message.body))
    alternatives = getattr(message, "alternatives", [])
    html = next((str(part) for part, kind in alternatives if kind == "text/html"), "")
    for recipient in message.recipients():
        mail = OutboxMail.objects.create(
            reference=build_reference(ReferenceKind.NOTICE, uuid4().hex),
            kind=NOTICE,
            recipient=parseaddr(recipient)[1],
            subject=clean_line(str(message.subject))[:MAX_SUBJECT_LENGTH],
            text_body=text,
            html_body=without_controls(html) or linebreaks(urlize(text, autoescape=True)),
            message_id=_new_message_id(),
            next_attempt_at=timezone.now(),
        )
        nudge(deliver_mail, mail.pk)


def resend(mail: OutboxMail, user: User, recipient: str = "", *, key: UUID | None = None) -> OutboxMail:
    """Queue the same text again, to the same recipient or a corrected one, and return the new row.

    The row says who asked for it. The same key and recipient, as by a second click, give the first such row.
    The case about the first mail is closed; if this one does not arrive either, it has a case of its own.
    Raise ResendRefused when the mail has lost its words or its recipient.
    """
    with transaction.atomic():
        # As it stands now, and held until the copy is there: an erasure comes before or after, not between.
        mail = OutboxMail.objects.select_for_update().get(pk=mail.pk)
        if not (mail.recipient and mail.text_body):
            raise ResendRefused(_("The words of this mail are erased, so it cannot be sent again."))
        to = recipient or mail.recipient
        copy, is_new = OutboxMail.objects.get_or_create(
            reference=mail.reference,
            kind=mail.kind,
            occasion=f"again-{uuid5(key or uuid4(), f'{mail.pk} {to}').hex}",
            defaults={
                "recipient": to,
                "subject": mail.subject,
                "text_body": mail.text_body,
                "html_body": mail.html_body,
                "attachment": mail.attachment,
                "message_id": _new_message_id(),
                "next_attempt_at": timezone.now(),
                "resent_by": user,
            },
        )
        resolve_mail_cases(mail, user)
        if is_new:
            nudge(deliver_mail, copy.pk)
    return copy


def cancel(mail: OutboxMail, user: User | None = None) -> bool:
    """Take a queued mail out of the queue; return False when a worker has it already or it is gone.

    Without a person it is the shop itself that cancels.
    """
    return bool(_cancel(OutboxMail.objects.filter(pk=mail.pk, state=MailState.QUEUED), user))


def cancel_unsent(reference: str, kind: str) -> int:
    """Cancel the mails of this kind about this reference that are pointless by now; return how many.

    One that a worker holds may leave all the same, but it is not tried again.
    """
    return _cancel(OutboxMail.objects.filter(reference=reference, kind=kind).waiting(), None)


def _cancel(mails: QuerySet[OutboxMail], user: User | None) -> int:
    return mails.update(
        state=MailState.CANCELLED, leased_until=None, cancelled_by=user, cancelled_at=timezone.now()
    )


def replace_link(reference: str, old: str, new: str, *, recipient: str, user: User) -> None:
    """Replace the old address of a page by the new one in each mail about it.

    Those that have left change too: what is sent again has the words of its first mail. What waits for
    anybody but the recipient is cancelled: the old link may be in wrong hands because of that very address.
    """
    concerned = OutboxMail.objects.filter(
        Q(text_body__contains=old) | Q(html_body__contains=old), reference=reference
    )
    _cancel(concerned.exclude(recipient__iexact=recipient).waiting(), user)
    concerned.update(
        text_body=Replace("text_body", Value(old), Value(new)),
        html_body=Replace("html_body", Value(old), Value(new)),
    )


def _new_message_id() -> str:
    _display_name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return make_msgid(domain=address.rpartition("@")[2] or None)
