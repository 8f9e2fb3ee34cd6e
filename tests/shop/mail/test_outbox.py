import re

import pytest
from django.db import transaction

from shop.cases.models import CaseState
from shop.mail import outbox
from shop.mail.models import MailState, OutboxMail
from shop.mail.undeliverable import open_mail_case
from shop.mail.wordings import WORDINGS

pytestmark = pytest.mark.django_db

CONTEXT = {
    "order_code": "K7QM4XPR",
    "order_url": "https://checkup.example/orders/secret/",
    "buyer_name": "Jo O'Hara & Co",
    "total": "$99",
}


def enqueue(**changes) -> OutboxMail:
    arguments = {
        "reference": "order:K7QM4XPR",
        "kind": "order_paid",
        "recipient": "jo@example.org",
        "context": CONTEXT,
    }
    return outbox.enqueue(**{**arguments, **changes})


def test_a_mail_is_a_row_with_subject_text_and_inlined_html():
    mail = enqueue()

    assert mail.state == MailState.QUEUED
    assert mail.subject == "Payment received for order K7QM4XPR"
    assert "Hello Jo O'Hara & Co," in mail.text_body
    assert f"Open my order:\n{CONTEXT['order_url']}" in mail.text_body
    assert "Hello Jo O'Hara &amp; Co," in mail.html_body
    for part in (mail.text_body, mail.html_body):
        assert "Nobody can see the order without the link above, so keep it to yourself." in part
    assert re.search(r'<a class="button"[^>]* style="', mail.html_body)
    assert mail.message_id.endswith("@checkup.example>")


def test_the_same_occasion_gives_the_same_row():
    first = enqueue()

    assert enqueue(context={**CONTEXT, "total": "$1"}) == first
    assert OutboxMail.objects.count() == 1


def test_another_occasion_gives_another_row_with_its_own_message_id():
    first, second = enqueue(), enqueue(occasion="second")

    assert first.pk != second.pk
    assert first.message_id != second.message_id


def test_a_change_that_is_rolled_back_leaves_no_mail():
    with transaction.atomic():
        enqueue()
        transaction.set_rollback(True)

    assert not OutboxMail.objects.exists()


@pytest.mark.parametrize("kind", WORDINGS)
def test_every_mail_renders_whole_and_names_no_package_in_its_subject(kind):
    mail = enqueue(
        kind=kind,
        context={
            **CONTEXT,
            "amount": "$49",
            "carrier": "DHL",
            "tracking_number": "JD0146",
            "admin_url": "https://checkup.example/admin/",
            "reason": "No order with this code",
            "object_id": "cs_test_1",
            "day": "25 Nov 2026",
            "waiting": "Dispute: 2; oldest 3 days\n4 paid orders to dispatch",
        },
    )

    assert mail.subject
    assert "\n" not in mail.subject
    assert "{{" not in mail.text_body + mail.html_body
    assert not re.search(r"\{\w+\}", mail.subject + mail.text_body)
    assert "<a class=" in mail.html_body
    assert not any(word in mail.subject for word in ("Check", "Thyroid", "Hormones", "Screen"))


def test_a_mail_sent_again_is_a_new_row_that_says_who_asked(django_user_model):
    mail = enqueue()
    person = django_user_model.objects.create_user("stella")

    copy = outbox.resend(mail, person)

    assert copy.pk != mail.pk
    assert (copy.resent_by, copy.html_body, copy.recipient) == (person, mail.html_body, mail.recipient)
    assert copy.message_id != mail.message_id


def test_a_mail_sent_again_can_have_a_corrected_address_and_closes_its_case(django_user_model):
    mail = enqueue(recipient="jo@exampel.org")
    case = open_mail_case(mail, "The mail server refused the mail for good (550).")
    person = django_user_model.objects.create_user("stella")

    copy = outbox.resend(mail, person, "jo@example.org")

    case.refresh_from_db()
    mail.refresh_from_db()
    assert (copy.recipient, mail.recipient) == ("jo@example.org", "jo@exampel.org")
    assert (case.state, case.closed_by) == (CaseState.CLOSED, person)


@pytest.mark.parametrize("gone", ["recipient", "text_body"])
def test_a_mail_that_was_erased_since_it_was_looked_at_is_not_sent_again(django_user_model, gone):
    mail = enqueue()
    OutboxMail.objects.filter(pk=mail.pk).update(**{gone: ""})
    person = django_user_model.objects.create_user("stella")

    with pytest.raises(outbox.ResendRefused, match="erased"):
        outbox.resend(mail, person, "jo@correct.example")

    assert OutboxMail.objects.get() == mail


def test_only_a_queued_mail_can_be_cancelled():
    queued, sent = enqueue(), enqueue(occasion="sent")
    OutboxMail.objects.filter(pk=sent.pk).update(state=MailState.SENT)

    assert outbox.cancel(queued) is True
    assert outbox.cancel(sent) is False

    queued.refresh_from_db()
    sent.refresh_from_db()
    assert (queued.state, sent.state) == (MailState.CANCELLED, MailState.SENT)
