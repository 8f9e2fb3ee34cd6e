"""Mails a second from one worker process, against a bare SMTP loop to the same mail server."""

import smtplib
import time
from email import message_from_bytes

from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from shop.mail import outbox
from shop.mail.models import OutboxMail
from tests.services import wait_until
from tools.torture.sink import accepted_mails
from tools.torture.site import Site

TIMEOUT_SECONDS = 600
CONTEXT = {
    "order_code": "K7QM4XPR",
    "order_url": "https://checkup.example/orders/an-order/",
    "buyer_name": "Jo Sample",
    "total": "$99.00",
}


def measure(site: Site, count: int) -> list[str]:
    """Return two figures and their ratio, a line each."""
    OutboxMail.objects.all().delete()
    before = len(accepted_mails(site.mails))
    for number in range(count):
        _enqueue(number)
    site.processes["worker"].start()
    wait_until(
        lambda: len(accepted_mails(site.mails)) >= before + count, what="all mails", seconds=TIMEOUT_SECONDS
    )
    site.processes["worker"].kill()
    times = [mail["at"] for mail in accepted_mails(site.mails)[before:]]
    # From the first mail to the last: the worker's start is not its speed.
    sent = (len(times) - 1) / (times[-1] - times[0])
    bare = _bare_loop(site, count)
    return [
        f"mails                {sent:>10.0f} a second, one worker process, each claimed, sent and recorded",
        f"bare SMTP loop       {bare:>10.0f} a second, the same words, a connection each",
        f"ratio                {bare / sent:>10.1f} bare mails for one of the outbox",
    ]


@transaction.atomic
def _enqueue(number: int) -> None:
    recipient = f"bench-{number}@checkup.example"
    outbox.enqueue(reference=f"bench:{number}", kind="order_received", recipient=recipient, context=CONTEXT)


def _bare_loop(site: Site, count: int) -> float:
    mail = OutboxMail.objects.first()
    assert mail is not None  # noqa: S101 - this run has written them
    whole = EmailMultiAlternatives(subject=mail.subject, body=mail.text_body, to=[mail.recipient])
    whole.attach_alternative(mail.html_body, "text/html")
    message = message_from_bytes(whole.message().as_bytes())
    began = time.perf_counter()
    for _number in range(count):
        with smtplib.SMTP("127.0.0.1", site.mail_port) as client:
            client.send_message(message)
    return count / (time.perf_counter() - began)
