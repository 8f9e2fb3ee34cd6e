"""The audit finds what somebody takes away or adds; an audit that is always content proves nothing."""

from pathlib import Path

import pytest

from scripts.torture.audit import findings
from scripts.torture.sink import taken_mails
from shop.mail.models import MailAttempt, MailState, OutboxMail
from shop.orders import timeline
from shop.orders.models import Actor, Order, OrderStatus
from shop.orders.timeline import TimelineKind
from shop.payments.models import EventState, Payment, PaymentState, WebhookEvent
from shop.receipts.models import Receipt
from tests.factories.shop import make_order
from tests.torture.conftest import SmallShop, send_all_mails

pytestmark = pytest.mark.either_database


def payment_of(order: Order) -> Payment:
    return order.payments.get(state=PaymentState.SUCCEEDED)


def found(shop: SmallShop) -> str:
    return "\n".join(findings(shop.evidence()))


def test_a_shop_that_adds_up_is_left_in_peace(shop):
    assert found(shop) == ""


def test_a_payment_that_was_removed_is_missed(shop):
    payment = payment_of(shop.paid[0])
    payment.delete()

    assert f"{payment.payment_intent_id}: 9900 received, not in the ledger" in found(shop)
    assert f"order {shop.paid[0].code}: paid without a payment" in found(shop)


@pytest.mark.parametrize("change", [{"amount": 9800}, {"currency": "EUR"}])
def test_another_amount_or_currency_is_noticed(shop, change):
    Payment.objects.filter(pk=payment_of(shop.paid[0]).pk).update(**change)

    assert "the provider says" in found(shop)


def test_a_payment_of_another_order_is_noticed(shop):
    Payment.objects.filter(pk=payment_of(shop.paid[0]).pk).update(order=shop.paid[1])

    assert "the provider says" in found(shop)


def test_a_payment_that_the_provider_never_received_is_noticed(shop):
    shop.waiting.payments.update(state=PaymentState.SUCCEEDED, payment_intent_id="pi_invented")

    assert "paid in the ledger, not in the provider's books" in found(shop)
    assert f"order {shop.waiting.code}: money arrived, and it still waits" in found(shop)


def test_a_paid_order_that_was_cancelled_is_noticed(shop):
    Order.objects.filter(pk=shop.paid[0].pk).update(status=OrderStatus.CANCELLED)

    assert f"order {shop.paid[0].code}: 1 payments, 0 noted to be returned" in found(shop)


def test_a_refund_that_only_the_provider_knows_is_noticed(shop):
    payment = payment_of(shop.paid[0])
    shop.provider.refund(payment.session_id, 700)

    assert f"{payment.payment_intent_id}: 700 refunded, 0 in the ledger" in found(shop)


def test_a_second_transition_is_noticed(shop):
    data = {"payment": payment_of(shop.paid[0]).pk}
    timeline.record(shop.paid[0], TimelineKind.PAID, Actor.STRIPE, data=data)

    assert f"order {shop.paid[0].code}: “paid” 2 times" in found(shop)
    assert f"payment {data['payment']}: settled 2 times" in found(shop)


def test_a_second_order_of_one_basket_is_noticed(shop):
    make_order(email=shop.waiting.email)
    send_all_mails()

    assert f"{shop.waiting.email}: 2 orders from one basket" in found(shop)


@pytest.mark.parametrize("kind", ["order_received", "order_paid", "new_order"])
def test_a_mail_that_was_removed_is_missed(shop, kind):
    OutboxMail.objects.filter(reference=shop.paid[0].reference, kind=kind).delete()

    assert f"order {shop.paid[0].code}: 0 mails “{kind}” instead of one" in found(shop)
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


def test_a_gap_in_the_receipts_is_noticed(shop):
    Receipt.objects.filter(order=shop.paid[1]).update(number=f"{shop.paid[1].paid_at.year}-000003")

    assert "2 documents, but the last is number 3" in found(shop)


def test_a_missing_receipt_is_noticed(shop):
    Receipt.objects.filter(order=shop.paid[1]).delete()

    assert f"order {shop.paid[1].code}: paid without a receipt" in found(shop)


def test_a_line_that_a_kill_cut_short_is_no_mail(tmp_path: Path):
    file = tmp_path / "mails.jsonl"
    file.write_text('{"message_id": "<1@checkup.example>", "recipients": []}\n{"message_id": "<2@ch')

    assert [mail["message_id"] for mail in taken_mails(file)] == ["<1@checkup.example>"]
