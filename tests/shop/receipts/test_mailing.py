"""The mail of a payment carries its receipt, through a real SMTP server."""

from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from shop.mail import delivery, outbox
from shop.mail.models import MailState, OutboxMail
from shop.receipts.models import Receipt

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(mail_server, settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_server.port
    return mail_server


@pytest.fixture
def mail(order) -> OutboxMail:
    return OutboxMail.objects.get(kind="order_paid")


def attachments_of(message) -> list:
    return [part for part in message.walk() if part.get_content_disposition() == "attachment"]


def test_the_mail_of_a_payment_carries_the_receipt(mailbox, mail, receipt):
    assert delivery.deliver(mail.pk) is True

    (attachment,) = attachments_of(mailbox.messages[0])
    content = attachment.get_payload(decode=True)
    assert attachment.get_filename() == f"receipt-{receipt.number}.pdf"
    assert attachment.get_content_type() == "application/pdf"
    assert receipt.number in PdfReader(BytesIO(content)).pages[0].extract_text()
    receipt.refresh_from_db()
    assert bytes(receipt.pdf) == content


def test_a_receipt_that_cannot_be_drawn_holds_the_mail_back_until_it_can(mailbox, mail, receipt):
    data = receipt.data
    Receipt.objects.update(data={})

    assert delivery.deliver(mail.pk) is False

    mail.refresh_from_db()
    assert mail.state == MailState.QUEUED
    assert mailbox.messages == []
    Receipt.objects.update(data=data)
    OutboxMail.objects.update(next_attempt_at=timezone.now())
    assert delivery.deliver(mail.pk) is True
    assert len(attachments_of(mailbox.messages[0])) == 1


def test_a_mail_sent_again_carries_it_too(mailbox, mail, receipt, admin_user):
    delivery.deliver(outbox.resend(mail, admin_user).pk)

    assert len(attachments_of(mailbox.messages[0])) == 1


def test_a_receipt_can_be_attached_by_its_number(mailbox, mail, receipt):
    OutboxMail.objects.update(attachment=f"receipt:{receipt.number}")

    assert delivery.deliver(mail.pk) is True
    assert len(attachments_of(mailbox.messages[0])) == 1


def test_other_mails_carry_nothing(mailbox, order):
    delivery.deliver(OutboxMail.objects.get(kind="order_received").pk)

    assert attachments_of(mailbox.messages[0]) == []
