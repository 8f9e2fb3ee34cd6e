from dataclasses import replace

import pytest

from shop.mail.models import OutboxMail
from shop.orders import transitions
from shop.orders.models import Actor, OrderStatus
from shop.orders.timeline import TimelineKind
from shop.payments import gateway
from shop.payments.models import Cause, Payment, PaymentState
from shop.payments.settling.sessions import Outcome, _settle_under_lock, close_session, settle_session
from tests.factories.shop import delete_package, make_order
from tests.shop.payments.conftest import begin_payment
from tests.shop.payments.interleaving import just_before_the_order_is_locked
from tools.stripe_standin.running import running_standin

pytestmark = pytest.mark.django_db


def kinds_of(order) -> list[str]:
    return list(order.timeline.values_list("kind", flat=True))


def mails_of(order) -> list[str]:
    return sorted(OutboxMail.objects.filter(reference=order.reference).values_list("kind", flat=True))


def test_staff_read_in_words_how_each_payment_was_noticed():
    assert Payment(settled_by=Cause.RETURN_PAGE).get_settled_by_display() == "seen when the buyer came back"


def test_a_paid_session_makes_the_order_paid_and_writes_its_mails(standin, order, payment):
    standin.pay(payment.session_id)

    settlement = settle_session(payment.session_id, Cause.RETURN_PAGE)

    order.refresh_from_db()
    payment.refresh_from_db()
    assert settlement.outcome == Outcome.PAID
    assert settlement.order.status == OrderStatus.PAID
    assert (order.status, order.paid_at is not None) == (OrderStatus.PAID, True)
    assert (payment.state, payment.settled_by) == (PaymentState.SUCCEEDED, "return_page")
    assert payment.payment_intent_id.startswith("pi_")
    assert mails_of(order) == ["new_order", "order_paid", "order_received"]


def test_settling_again_changes_nothing(standin, order, payment):
    standin.pay(payment.session_id)
    for cause in (Cause.WEBHOOK, Cause.RETURN_PAGE, Cause.WEBHOOK):
        assert settle_session(payment.session_id, cause).outcome == Outcome.PAID

    assert kinds_of(order).count(TimelineKind.PAID) == 1
    assert mails_of(order) == ["new_order", "order_paid", "order_received"]


def test_an_open_session_changes_nothing(order, payment):
    assert settle_session(payment.session_id, Cause.RETURN_PAGE).outcome == Outcome.OPEN

    order.refresh_from_db()
    assert order.status == OrderStatus.AWAITING_PAYMENT


def test_a_delayed_payment_waits_and_then_succeeds(standin, order, payment, user):
    standin.delay(payment.session_id)
    assert settle_session(payment.session_id, Cause.WEBHOOK).outcome == Outcome.PROCESSING
    order.refresh_from_db()
    assert order.status == OrderStatus.AWAITING_PAYMENT
    assert "order_paid" not in mails_of(order)
    with pytest.raises(transitions.TransitionRefused):
        transitions.dispatch(order.pk, "UPS", "1Z1", user)
    assert not order.shipments.exists()

    standin.settle(payment.session_id)
    assert settle_session(payment.session_id, Cause.WEBHOOK).outcome == Outcome.PAID
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID
    assert transitions.dispatch(order.pk, "UPS", "1Z1", user).status == OrderStatus.DISPATCHED


def test_a_late_failure_changes_nothing_after_the_money_came(standin, order, payment):
    standin.pay(payment.session_id)
    settle_session(payment.session_id, Cause.WEBHOOK)

    close_session(payment.session_id, Cause.WEBHOOK)

    order.refresh_from_db()
    payment.refresh_from_db()
    assert (order.status, payment.state) == (OrderStatus.PAID, PaymentState.SUCCEEDED)
    assert TimelineKind.PAYMENT_EXPIRED not in kinds_of(order)


@pytest.mark.parametrize(
    "told",
    [
        {"status": "expired", "payment_status": "unpaid", "payment_intent_status": ""},
        {"payment_status": "unpaid", "payment_intent_status": "requires_payment_method"},
    ],
    ids=["expired", "failed"],
)
def test_what_was_read_before_the_money_came_changes_nothing_when_it_is_written_after(
    standin, order, paid, told
):
    stale = replace(gateway.retrieve_session(paid.session_id), **told)

    outcome = _settle_under_lock(stale, Cause.WEBHOOK).outcome

    order.refresh_from_db()
    paid.refresh_from_db()
    assert outcome == Outcome.PAID
    assert (order.status, paid.state) == (OrderStatus.PAID, PaymentState.SUCCEEDED)
    assert not {TimelineKind.PAYMENT_EXPIRED, TimelineKind.PAYMENT_FAILED} & set(kinds_of(order))


def test_money_that_comes_while_a_bank_payment_is_being_noted_stays(standin, order, payment):
    standin.delay(payment.session_id)

    def money_comes():
        standin.settle(payment.session_id)
        settle_session(payment.session_id, Cause.WEBHOOK)

    with just_before_the_order_is_locked(money_comes):
        outcome = settle_session(payment.session_id, Cause.RETURN_PAGE).outcome

    payment.refresh_from_db()
    assert (outcome, payment.state) == (Outcome.PAID, PaymentState.SUCCEEDED)


def test_a_delayed_payment_that_fails_can_be_tried_again(standin, order, payment):
    standin.delay(payment.session_id)
    settle_session(payment.session_id, Cause.WEBHOOK)
    standin.fail(payment.session_id)

    assert settle_session(payment.session_id, Cause.WEBHOOK).outcome == Outcome.FAILED

    order.refresh_from_db()
    assert order.status == OrderStatus.AWAITING_PAYMENT
    assert begin_payment(order).pk != payment.pk


def test_a_session_that_ran_out_leaves_the_order_unpaid(standin, order, payment):
    standin.lapse(payment.session_id)

    assert settle_session(payment.session_id, Cause.WEBHOOK).outcome == Outcome.EXPIRED

    order.refresh_from_db()
    payment.refresh_from_db()
    assert (order.status, payment.state) == (OrderStatus.AWAITING_PAYMENT, PaymentState.EXPIRED)


def test_the_return_page_asks_stripe_about_the_shops_own_sessions_only(settings, order):
    settings.STRIPE_API_BASE = "http://127.0.0.1:1"

    assert settle_session("cs_test_invented", Cause.RETURN_PAGE).outcome == Outcome.UNKNOWN


def test_a_settled_payment_needs_no_further_question(settings, standin, order, payment):
    standin.pay(payment.session_id)
    settle_session(payment.session_id, Cause.WEBHOOK)
    settings.STRIPE_API_BASE = "http://127.0.0.1:1"

    settlement = settle_session(payment.session_id, Cause.RETURN_PAGE)

    assert (settlement.outcome, settlement.order) == (Outcome.PAID, order)


def test_the_timeline_says_who_settled(standin, order, payment):
    standin.pay(payment.session_id)
    settle_session(payment.session_id, Cause.RECONCILER)

    entry = order.timeline.get(kind=TimelineKind.PAID)
    assert (entry.actor, entry.data["cause"], entry.data["amount"]) == (Actor.STRIPE, "reconciler", 9900)


def test_a_session_nobody_knows_changes_nothing(standin, order):
    assert settle_session("cs_test_unknown", Cause.WEBHOOK).outcome == Outcome.UNKNOWN
    assert kinds_of(order) == [TimelineKind.PLACED]


@pytest.mark.parametrize(("field", "value"), [("amount", 100), ("currency", "EUR")])
def test_a_payment_that_does_not_match_settles_nothing_and_staff_are_told(
    standin, order, payment, field, value
):
    standin.pay(payment.session_id)
    Payment.objects.filter(pk=payment.pk).update(**{field: value})

    settlement = settle_session(payment.session_id, Cause.WEBHOOK)
    settle_session(payment.session_id, Cause.WEBHOOK)

    order.refresh_from_db()
    assert settlement.outcome == Outcome.MISMATCH
    assert field in settlement.reason
    assert order.status == OrderStatus.AWAITING_PAYMENT
    assert kinds_of(order).count(TimelineKind.PAYMENT_MISMATCH) == 1
    assert mails_of(order) == ["order_received", "payment_attention"]


def test_a_test_session_settles_nothing_with_a_live_key(settings, order):
    with running_standin(secret_key="sk_live_1") as standin:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_live_1", standin.base_url
        payment = begin_payment(order)
        standin.pay(payment.session_id)

        settlement = settle_session(payment.session_id, Cause.WEBHOOK)

    order.refresh_from_db()
    assert (settlement.outcome, "mode" in settlement.reason) == (Outcome.MISMATCH, True)
    assert order.status == OrderStatus.AWAITING_PAYMENT


def test_another_orders_session_settles_nothing(standin, order, payment):
    other = begin_payment(make_order())
    standin.pay(other.session_id)
    session_id = other.session_id
    Payment.objects.filter(pk=other.pk).update(session_id=None)
    Payment.objects.filter(pk=payment.pk).update(session_id=session_id)

    assert settle_session(session_id, Cause.WEBHOOK).outcome == Outcome.MISMATCH

    order.refresh_from_db()
    assert order.status == OrderStatus.AWAITING_PAYMENT


def test_money_for_a_cancelled_order_is_kept_and_staff_are_told(standin, order, payment):
    transitions.cancel_unpaid(order.pk, actor=Actor.STAFF)
    standin.pay(payment.session_id)

    settle_session(payment.session_id, Cause.WEBHOOK)

    order.refresh_from_db()
    payment.refresh_from_db()
    assert (order.status, payment.state) == (OrderStatus.CANCELLED, PaymentState.SUCCEEDED)
    assert TimelineKind.PAID_AFTER_CANCELLATION in kinds_of(order)
    assert "payment_attention" in mails_of(order)
    assert "order_paid" not in mails_of(order)


def test_money_for_a_paid_order_is_kept_and_staff_are_told(standin, order, payment):
    Payment.objects.filter(pk=payment.pk).update(state=PaymentState.EXPIRED)
    second = begin_payment(order)
    for attempt in (payment, second):
        standin.pay(attempt.session_id)
        assert settle_session(attempt.session_id, Cause.WEBHOOK).outcome == Outcome.PAID

    assert Payment.objects.filter(state=PaymentState.SUCCEEDED).count() == 2
    assert kinds_of(order).count(TimelineKind.PAID) == 1
    assert kinds_of(order).count(TimelineKind.PAID_TWICE) == 1
    assert mails_of(order).count("order_paid") == 1


def test_an_attempt_whose_creation_was_never_answered_is_found_by_its_metadata(standin, order, payment):
    Payment.objects.filter(pk=payment.pk).update(session_id=None, state=PaymentState.CREATED)
    standin.pay(payment.session_id)

    assert settle_session(payment.session_id, Cause.WEBHOOK).outcome == Outcome.PAID

    order.refresh_from_db()
    assert order.status == OrderStatus.PAID


def test_a_withdrawn_package_does_not_stop_the_payment_of_its_order(standin, order, payment):
    delete_package(order.lines.get().package)
    standin.pay(payment.session_id)

    assert settle_session(payment.session_id, Cause.WEBHOOK).outcome == Outcome.PAID
    assert order.lines.get().name.startswith("Test package")


class TestTryingAgain:
    """The mail with the link to the order page, where the payment can be tried again."""

    def test_a_session_that_ran_out_is_followed_by_one_mail(self, standin, order, payment):
        standin.lapse(payment.session_id)
        for _ in range(2):
            settle_session(payment.session_id, Cause.WEBHOOK)

        mail = OutboxMail.objects.get(kind="payment_retry")
        assert order.secret in mail.text_body
        assert "no money was taken" in mail.text_body

    def test_a_bank_payment_that_came_back_is_followed_by_a_mail(self, standin, order, payment):
        standin.delay(payment.session_id)
        standin.fail(payment.session_id)
        settle_session(payment.session_id, Cause.RECONCILER)

        assert "did not send the money" in OutboxMail.objects.get(kind="payment_retry").text_body

    def test_a_page_that_waits_for_a_bank_counts_as_left(self, standin, order, payment):
        standin.delay(payment.session_id)
        settle_session(payment.session_id, Cause.RETURN_PAGE)
        standin.fail(payment.session_id)

        for cause in (Cause.RETURN_PAGE, Cause.WEBHOOK, Cause.RECONCILER):
            settle_session(payment.session_id, cause)

        assert OutboxMail.objects.filter(kind="payment_retry").count() == 1

    def test_a_buyer_who_is_at_the_page_gets_none(self, standin, order, payment):
        standin.lapse(payment.session_id)
        settle_session(payment.session_id, Cause.RETURN_PAGE)

        assert not OutboxMail.objects.filter(kind="payment_retry").exists()

    def test_an_old_attempt_says_nothing_once_a_new_one_has_begun(self, standin, order, payment):
        Payment.objects.filter(pk=payment.pk).update(state=PaymentState.FAILED)
        begin_payment(order)
        Payment.objects.filter(pk=payment.pk).update(state=PaymentState.OPEN)
        standin.lapse(payment.session_id)

        settle_session(payment.session_id, Cause.WEBHOOK)

        assert not OutboxMail.objects.filter(kind="payment_retry").exists()
