"""Where Django and Wagtail hand their own mails to: the outbox."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from shop.mail import outbox


class OutboxBackend(BaseEmailBackend):
    """Keeps a mail for a worker, so that no request waits for a mail server or loses a mail to it.

    Wagtail's notifications come this way. A mail with a secret for one person must not: staff read them here.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Return how many mails were kept. Raise ValueError for one with an attachment."""
        for message in email_messages:
            outbox.keep(message)
        return len(email_messages)
