"""The audit finds what somebody takes away or adds; an audit that is always content proves nothing."""

from pathlib import Path

import pytest

from shop.mail.models import MailAttempt, MailState, OutboxMail
from shop.payments.models import EventState, WebhookEvent
from shop.receipts.models import Receipt
from tests.factories.shop import make_order
from tests.tools.torture.conftest import SmallShop, send_all_mails
from tools.torture.audit import findings
from tools.torture.sink import accepted_mails

pytestmark = pytest.mark.either_database


def found(shop: SmallShop) -> str:
    return "\n".join(findings(shop.evidence()))


def test_a_shop_that_adds_up_is_left_in_peace(shop):
    assert found(shop) == ""


def test_the_books_are_audited_with_the_providers_lists(shop):
    """Each rule of that audit has a planted fault in tests/shop/audit."""
    shop.provider.refund(shop.paid[0].payments.get().session_id, 700)
    Receipt.objects.filter(order=shop.paid[1]).delete()

    said = found(shop)
    assert f"stripe-refunds: order {shop.paid[0].code}: refund re_" in said
    assert f"receipts-of-orders: order {shop.paid[1].code}: paid without a receipt" in said


def test_a_provider_that_does_not_answer_is_no_clean_audit(shop):
    shop.provider.fault("rate_limit", match="GET /v1/*", count=50)
    assert "Stripe does not answer" in found(shop)


def test_a_second_order_of_one_basket_is_noticed(shop):
    make_order(email=shop.waiting.email)
    send_all_mails()

    assert f"{shop.waiting.email}: 2 orders from one basket" in found(shop)


@pytest.mark.parametrize(
    ("kind", "words"), [("order_paid", "no mail “order_paid”"), ("new_order", "0 mails")]
)
def test_a_mail_that_was_removed_is_missed(shop, kind, words):
    OutboxMail.objects.filter(reference=shop.paid[0].reference, kind=kind).delete()

    assert words in found(shop)
    assert "the outbox does not know it" in found(shop)


def test_a_mail_that_the_server_never_took_is_missed(shop):
    shop.taken.pop()

    assert "the mail server never took it" in found(shop)


def test_a_mail_that_waits_is_noticed(shop):
    OutboxMail.objects.filter(kind="new_order").update(state=MailState.QUEUED)

    assert "(new_order): queued" in found(shop)


def test_a_repeated_mail_needs_an_attempt_whose_outcome_nobody_knows(shop):
    mail = OutboxMail.objects.filter(kind="order_paid").first()
    shop.taken.append(mail.message_id)
    assert f"mail {mail.pk} (order_paid): taken 2 times without an excuse" in found(shop)

    MailAttempt.objects.create(mail=mail, succeeded=False, error="SMTPDataError: 451 later")
    assert "without an excuse" in found(shop)

    MailAttempt.objects.create(mail=mail, succeeded=None)
    assert found(shop) == ""


def test_an_answer_of_the_mail_server_that_was_lost_excuses_one_more(shop):
    mail = OutboxMail.objects.filter(kind="order_paid").first()
    shop.taken.append(mail.message_id)
    MailAttempt.objects.create(
        mail=mail, succeeded=False, error="SMTPServerDisconnected: Connection unexpectedly closed"
    )

    assert found(shop) == ""


def test_a_mail_that_was_sent_again_after_a_recorded_success_has_no_excuse(shop):
    mail = OutboxMail.objects.filter(kind="order_paid").first()
    shop.taken.append(mail.message_id)
    MailAttempt.objects.create(mail=mail, succeeded=True)

    assert "without an excuse" in found(shop)


@pytest.mark.parametrize("state", [EventState.RECEIVED, EventState.FAILED, EventState.SET_ASIDE])
def test_an_event_that_nobody_handled_is_noticed(shop, state):
    WebhookEvent.objects.create(event_id="evt_1", kind="checkout.session.completed", state=state)

    assert f"event evt_1 (checkout.session.completed): {state}" in found(shop)


def test_a_line_that_a_kill_cut_short_is_no_mail(tmp_path: Path):
    file = tmp_path / "mails.jsonl"
    file.write_text('{"message_id": "<1@checkup.example>", "recipients": []}\n{"message_id": "<2@ch')

    assert [mail["message_id"] for mail in accepted_mails(file)] == ["<1@checkup.example>"]
