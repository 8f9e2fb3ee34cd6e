"""Money that Stripe took and that is not what was asked for: nobody pays again until it has gone back."""

import pytest
from django.urls import reverse

from shop.cases.models import Case, CaseKind, CaseState
from shop.orders.models import OrderStatus
from shop.orders.timeline import TimelineKind
from shop.orders.transitions import TransitionRefused
from shop.payments.attempts import PaymentNotPossible
from shop.payments.cancelling import cancel_unpaid
from shop.payments.models import Cause, Payment, PaymentState, Refund
from shop.payments.reconciling import reconcile
from shop.payments.settling.mismatches import close_by_staff
from shop.payments.settling.sessions import Outcome, settle_session
from tests.shop.payments.conftest import begin_payment
from tests.shop.payments.refunding import CREATED, FAILED, books, kept, pay, refund_mails, yesterday

pytestmark = pytest.mark.django_db


@pytest.fixture
def mismatched(standin, order, payment) -> Payment:
    """$99 arrived where $98 was asked for."""
    Payment.objects.filter(pk=payment.pk).update(amount=9800)
    return pay(standin, payment)


def test_the_case_says_what_arrived_and_what_was_asked_for(mismatched):
    assert mismatched.state == PaymentState.MISMATCHED
    assert Case.objects.get().reason == "It does not match the order: amount ($99 instead of $98)"


def test_nobody_is_asked_to_pay_again(client, standin, order, mismatched):
    with pytest.raises(PaymentNotPossible):
        begin_payment(order)

    page = client.get(order.get_absolute_url()).content.decode()
    assert "Please do not pay again." in page
    assert reverse("checkout:pay", args=[order.secret]) not in page
    assert len(standin.store.select("checkout.session")) == Payment.objects.count() == 1


def test_it_is_not_cancelled_away(order, mismatched):
    with pytest.raises(TransitionRefused):
        cancel_unpaid(order.pk)

    order.refresh_from_db()
    assert order.status == OrderStatus.AWAITING_PAYMENT


def test_a_full_refund_in_the_dashboard_ends_it_and_the_order_can_be_paid(
    standin, order, mismatched, post_event
):
    standin.refund(mismatched.session_id, 9900)
    post_event(CREATED)

    mismatched.refresh_from_db()
    case = Case.objects.get()
    assert mismatched.state == PaymentState.SET_ASIDE
    assert (case.kind, case.state) == (CaseKind.PAYMENT_MISMATCH, CaseState.CLOSED)
    assert order.timeline.filter(kind=TimelineKind.PAYMENT_SENT_BACK).count() == 1
    # It was never the order's money.
    assert not Refund.objects.exists()
    assert not refund_mails().exists()
    assert kept(order) == books(standin) == 0

    pay(standin, begin_payment(order))
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID
    assert kept(order) == books(standin) == 9900


def test_a_part_of_it_is_not_enough(standin, order, mismatched, post_event):
    standin.refund(mismatched.session_id, 9899)
    post_event(CREATED)

    mismatched.refresh_from_db()
    assert mismatched.state == PaymentState.MISMATCHED
    assert Case.objects.get().state == CaseState.OPEN
    with pytest.raises(PaymentNotPossible):
        begin_payment(order)


def test_the_reconciler_finds_the_return_when_no_event_came(standin, order, mismatched):
    standin.refund(mismatched.session_id, 9900)

    reconcile(yesterday())

    assert Case.objects.get().state == CaseState.CLOSED
    entry = order.timeline.get(kind=TimelineKind.PAYMENT_SENT_BACK)
    assert entry.data["cause"] == "reconciler"
    assert reconcile(yesterday()).unclear == 0


def test_late_events_about_it_change_nothing(standin, order, mismatched, post_event):
    standin.refund(mismatched.session_id, 9900)
    post_event(CREATED)
    entries = order.timeline.count()

    for kind in ("checkout.session.completed", CREATED, "charge.refunded"):
        assert post_event(kind).status_code == 200

    assert settle_session(mismatched.session_id, Cause.WEBHOOK).outcome == Outcome.SET_ASIDE
    assert order.timeline.count() == entries
    assert Case.objects.unsolved().count() == 0


def test_a_return_that_failed_before_the_right_one_is_no_case(standin, order, mismatched, post_event):
    first = standin.refund(mismatched.session_id, 9900)
    standin.act("refunds", first["id"], "fail")
    standin.refund(mismatched.session_id, 9900)
    post_event(CREATED)

    reconcile(yesterday())

    mismatched.refresh_from_db()
    assert mismatched.state == PaymentState.SET_ASIDE
    assert not Case.objects.unsolved().exists()


def test_a_lost_dispute_is_a_return_too(standin, order, mismatched, post_event):
    dispute = standin.dispute(mismatched.session_id)
    post_event("charge.dispute.created")
    standin.close_dispute(dispute["id"], won=False)
    post_event("charge.dispute.closed")

    mismatched.refresh_from_db()
    assert mismatched.state == PaymentState.SET_ASIDE
    assert not Case.objects.unsolved().exists()


def test_a_bank_payment_that_does_not_match_and_fails_can_be_made_again(standin, order, payment, post_event):
    Payment.objects.filter(pk=payment.pk).update(amount=9800)
    standin.delay(payment.session_id)
    post_event("checkout.session.completed")
    standin.fail(payment.session_id)
    post_event("checkout.session.async_payment_failed")

    payment.refresh_from_db()
    assert payment.state == PaymentState.FAILED
    assert begin_payment(order).pk != payment.pk
    assert not Case.objects.exists()


def test_a_person_may_end_it_and_the_order_can_be_paid(order, mismatched, user):
    case = Case.objects.get()

    assert close_by_staff(case, "Agreed with the bank", user)
    assert not close_by_staff(case, "Once more", user)

    mismatched.refresh_from_db()
    case.refresh_from_db()
    assert mismatched.state == PaymentState.SET_ASIDE
    assert (case.state, case.outcome, case.closed_by) == (CaseState.CLOSED, "Agreed with the bank", user)
    entry = order.timeline.get(kind=TimelineKind.PAYMENT_SET_ASIDE)
    assert entry.user == user
    assert begin_payment(order).url


def test_a_return_that_the_bank_sends_back_is_a_case_again(standin, mismatched, post_event):
    refund = standin.refund(mismatched.session_id, 9900)
    post_event(CREATED)

    standin.act("refunds", refund["id"], "fail")
    post_event(FAILED)

    assert Case.objects.unsolved().get().data["refund"] == refund["id"]
