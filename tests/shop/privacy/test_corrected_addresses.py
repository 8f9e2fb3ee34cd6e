"""Mails that were sent again to a corrected address belong to whoever has that address."""

import pytest

from shop.checkout.models import LinkRequest
from shop.mail import outbox
from shop.mail.models import MailState, OutboxMail
from shop.privacy.erasure import erase_person
from shop.privacy.export import as_json, export_person
from tests.shop.privacy.conftest import EMAIL, NAME, STREET
from tests.shop.privacy.database_dump import tables_with

pytestmark = pytest.mark.django_db

CORRECTED = "Right.Address@quill.example"


@pytest.fixture
def copy(bought, colleague) -> OutboxMail:
    """Make a mail about the order of the mistyped address, on its way to the right one."""
    mail = OutboxMail.objects.get(kind="order_paid")
    copy = outbox.resend(mail, colleague, CORRECTED)
    copy.attempts.create(succeeded=False, error=f"SMTPDataError: 451 <{CORRECTED}> later")
    return copy


def test_the_person_is_handed_the_mail_and_nothing_else_of_the_order(bought, copy):
    exported = export_person(CORRECTED.upper())

    assert exported["orders"] == []
    [mail] = exported["other_mails"]
    assert (mail["recipient"], mail["text_body"]) == (CORRECTED, copy.text_body)
    assert CORRECTED in mail["attempts"][0]["error"]
    assert STREET not in as_json(exported)


def test_erasing_the_person_takes_the_mail_and_leaves_the_order(bought, copy):
    result = erase_person(CORRECTED.upper())

    assert (result.erased, result.refused, result.other_mails) == ([], {}, 1)
    copy.refresh_from_db()
    assert (copy.state, copy.recipient, copy.text_body) == (MailState.CANCELLED, "", "")
    assert tables_with([CORRECTED]) == {}
    bought.refresh_from_db()
    assert (bought.email, bought.buyer_name, bought.erased_at) == (EMAIL, NAME, None)


def test_a_mail_about_an_own_order_is_listed_there_and_stays_while_the_order_is_refused(paid):
    result = erase_person(EMAIL)
    exported = export_person(EMAIL)

    assert list(result.refused) == [paid.code]
    assert exported["other_mails"] == []
    assert "order_paid" in {mail["kind"] for mail in exported["orders"][0]["mails"]}


def test_a_request_for_a_link_goes_with_the_person_who_has_no_order(db):
    LinkRequest.objects.create(code="AAAAAAAA", email=CORRECTED)
    LinkRequest.objects.create(code="BBBBBBBB", email="somebody@else.example")
    assert [asked["code"] for asked in export_person(CORRECTED.lower())["link_requests"]] == ["AAAAAAAA"]

    erase_person(CORRECTED.lower())

    assert [asked.code for asked in LinkRequest.objects.all()] == ["BBBBBBBB"]
