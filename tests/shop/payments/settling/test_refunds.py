"""Refunds that fail, refunds made in Stripe's dashboard, and what the reconciler finds."""

import pytest
from django.utils import timezone

from shop.cases.models import Case, CaseKind, CaseState
from shop.mail.models import MailState
from shop.orders.models import HoldKind, OrderStatus
from shop.orders.timeline import TimelineKind, sentence
from shop.orders.transitions import dispatch
from shop.payments import gateway
from shop.payments.models import Cause, EventState, Payment, Refund, RefundState, WebhookEvent
from shop.payments.reconciling import reconcile
from shop.payments.settling.refunds import record_refusal, settle_refund, settle_retrieved_refund
from tests.shop.payments.refunding import (
    CHARGE,
    CREATED,
    FAILED,
    UPDATED,
    books,
    corrections,
    give_back,
    kept,
    refund_mails,
    reversals,
    standing,
    written,
    yesterday,
)

pytestmark = pytest.mark.django_db


class TestFailure:
    def test_two_days_later_the_balance_is_back_and_nobody_was_told(
        self, standin, order, paid, user, post_event
    ):
        standin.fault("pending_refund", count=1)
        refund = give_back(order, user)
        post_event(CREATED)
        assert (kept(order), standing(order)) == (0, [HoldKind.REFUNDED])
        assert not refund_mails().exists()

        standin.fail_refund(refund.provider_id)
        for kind in (FAILED, UPDATED, CREATED):
            post_event(kind)

        case = Case.objects.get()
        assert kept(order) == books(standin) == 9900
        assert (case.kind, case.state, case.reference) == (
            CaseKind.REFUND_FAILED,
            CaseState.OPEN,
            order.reference,
        )
        assert "expired or canceled card" in case.reason
        assert "was told" not in case.reason
        assert not refund_mails().exists()
        assert corrections(order) == []
        assert written(order) == [TimelineKind.REFUND_REQUESTED, TimelineKind.REFUND_FAILED]
        assert dispatch(order.pk, "DHL", "1", user).status == OrderStatus.DISPATCHED

    def test_after_the_customer_was_told_the_case_says_so(self, standin, order, paid, user, post_event):
        refund = give_back(order, user, 4000)
        refund_mails().update(state=MailState.SENT)
        standin.fail_refund(refund.provider_id)
        post_event(FAILED)

        assert "The customer was told before" in Case.objects.get().reason
        assert refund_mails().count() == 1

    def test_a_mail_that_nobody_took_told_nobody(self, standin, order, paid, user, post_event):
        refund = give_back(order, user, 4000)
        refund_mails().update(state=MailState.REFUSED)
        standin.fail_refund(refund.provider_id)
        post_event(FAILED)

        assert "was told" not in Case.objects.get().reason

    def test_a_mail_that_waits_is_not_sent(self, standin, order, paid, user, post_event):
        refund = give_back(order, user, 4000)
        standin.fail_refund(refund.provider_id)
        post_event(FAILED)

        assert refund_mails().get().state == MailState.CANCELLED
        assert "was told" not in Case.objects.get().reason

    def test_another_try_ends_the_case_and_corrects_the_receipt_again(
        self, standin, order, paid, user, post_event
    ):
        refund = give_back(order, user, 4000)
        standin.fail_refund(refund.provider_id)
        post_event(FAILED)
        give_back(order, user, 4000)

        case = Case.objects.get()
        assert (case.state, case.outcome) == (CaseState.CLOSED, "The money was returned in another try")
        assert (corrections(order), reversals(order)) == ([4000, 4000], [-4000])
        assert kept(order) == books(standin) == 5900

    def test_one_other_try_makes_up_for_one_failure(self, standin, order, paid, user, post_event):
        for refund in [give_back(order, user, 3000) for _number in range(2)]:
            standin.fail_refund(refund.provider_id)
            post_event(FAILED)
        assert Case.objects.unsolved().count() == 2

        give_back(order, user, 3000)

        assert Case.objects.unsolved().count() == 1
        give_back(order, user, 3000)
        assert Case.objects.unsolved().count() == 0

    def test_one_that_was_asked_for_before_the_failure_makes_up_for_nothing(
        self, standin, order, paid, user, post_event
    ):
        failing = give_back(order, user, 3000)
        standin.fault("pending_refund", count=1)
        other = give_back(order, user, 3000)
        standin.fail_refund(failing.provider_id)
        post_event(FAILED)

        standin.act("refunds", other.provider_id, "succeed")
        post_event(UPDATED)

        assert Case.objects.get().state == CaseState.OPEN
        assert kept(order) == books(standin) == 6900

    def test_all_of_the_money_makes_up_for_every_failure(self, standin, order, paid, user, post_event):
        standin.fail_refund(give_back(order, user, 3000).provider_id)
        post_event(FAILED)

        give_back(order, user)

        assert Case.objects.get().outcome == "All of the money was returned"

    def test_our_refusal_yields_to_stripes_word_and_the_parcel_is_held_again(
        self, standin, order, paid, user, post_event
    ):
        standin.fault("close", match="POST /v1/refunds", count=3)
        refund = give_back(order, user)
        record_refusal(refund, Cause.RECONCILER)
        assert (standing(order), Case.objects.get().state) == ([], CaseState.OPEN)

        post_event(CREATED)

        assert standing(order) == [HoldKind.REFUNDED]
        assert Case.objects.get().state == CaseState.CLOSED
        assert kept(order) == books(standin) == 0

    def test_an_answer_that_was_overtaken_does_not_bring_it_back(self, standin, order, paid, user):
        refund = give_back(order, user, 4000)
        earlier = gateway.retrieve_refund(refund.provider_id)
        standin.fail_refund(refund.provider_id)
        settle_refund(refund.provider_id, Cause.WEBHOOK)

        settle_retrieved_refund(earlier, Cause.RECONCILER)

        refund.refresh_from_db()
        assert (refund.state, kept(order)) == (RefundState.FAILED, 9900)


class TestDashboard:
    def test_several_appear_by_themselves_in_any_order_any_number_of_times(
        self, standin, order, paid, client, post_event
    ):
        told = [standin.refund(paid.session_id, amount)["id"] for amount in (1000, 2000, 500)]
        for kind in (CHARGE, CREATED, CHARGE):
            assert post_event(kind).status_code == 200

        rows = Refund.objects.all()
        assert {row.provider_id for row in rows} == set(told)
        assert {(row.origin, row.state, row.asked_by) for row in rows} == {("dashboard", "succeeded", None)}
        assert kept(order) == books(standin) == 6400
        assert written(order).count(TimelineKind.REFUND_SEEN) == 3
        assert refund_mails().count() == 3
        assert corrections(order) == [500, 2000, 1000]

    def test_in_full_it_holds_the_parcel(self, standin, order, paid, post_event):
        standin.refund(paid.session_id)
        post_event(CREATED)

        assert standing(order) == [HoldKind.REFUNDED]

    def test_one_that_comes_before_its_payments_own_event_settles_the_payment_first(
        self, standin, order, payment, post_event
    ):
        standin.pay(payment.session_id)
        standin.refund(payment.session_id, 1000)

        assert post_event(CREATED).status_code == 200

        order.refresh_from_db()
        assert order.status == OrderStatus.PAID
        assert kept(order) == 8900

    def test_of_an_unknown_payment_its_events_are_set_aside_with_one_case(
        self, standin, order, payment, post_event
    ):
        standin.pay(payment.session_id)
        refund = standin.refund(payment.session_id)
        Payment.objects.all().delete()

        for kind in (CREATED, CHARGE):
            assert post_event(kind).status_code == 200

        case = Case.objects.get()
        assert (case.kind, case.reference) == (CaseKind.UNKNOWN_PAYMENT, f"refund:{refund['id']}")
        assert {event.state for event in WebhookEvent.objects.all()} == {EventState.SET_ASIDE}
        assert not Refund.objects.exists()
        order.refresh_from_db()
        assert order.status == OrderStatus.AWAITING_PAYMENT

    def test_its_case_ends_when_the_payment_is_found(self, standin, order, paid, post_event):
        intent = paid.payment_intent_id
        Payment.objects.update(payment_intent_id="pi_hidden")
        standin.refund(paid.session_id, 1000)
        post_event(CREATED)
        assert Case.objects.get().state == CaseState.OPEN
        Payment.objects.update(payment_intent_id=intent)

        reconcile(yesterday())

        assert Case.objects.get().state == CaseState.CLOSED
        assert kept(order) == 8900

    @pytest.mark.parametrize("change", [{"currency": "eur"}, {"amount": 9901}])
    def test_one_that_does_not_match_changes_nothing_but_opens_a_case(
        self, standin, order, paid, post_event, change
    ):
        refund = standin.refund(paid.session_id, 1000)
        with standin.store.transaction():
            standin.store.change({**standin.store.find("refund", refund["id"]), **change})
        entries = order.timeline.count()

        post_event(CREATED)

        assert Case.objects.get().kind == CaseKind.PAYMENT_MISMATCH
        assert WebhookEvent.objects.get().state == EventState.SET_ASIDE
        assert not Refund.objects.exists()
        assert order.timeline.count() == entries

    def test_the_other_mode_changes_nothing(self, settings, standin, order, paid, post_event):
        standin.refund(paid.session_id, 1000)
        settings.STRIPE_SECRET_KEY = standin.secret_key.replace("sk_test_", "sk_live_")

        post_event(CREATED)

        assert Case.objects.get().kind == CaseKind.PAYMENT_MISMATCH
        assert not Refund.objects.exists()

    def test_stripe_out_of_reach_is_answered_so_that_the_event_comes_again(
        self, standin, order, paid, post_event
    ):
        standin.refund(paid.session_id, 1000)
        standin.fault("server_error", match="GET /v1/refunds/*", count=9)
        assert post_event(CREATED).status_code == 500
        standin.clear_faults()

        assert post_event(CREATED).status_code == 200
        assert kept(order) == 8900


class TestReconciler:
    def test_one_whose_webhook_never_came_is_found_and_the_timeline_says_how(self, standin, order, paid):
        standin.refund(paid.session_id, 1000)
        for _run in range(2):
            reconcile(yesterday())

        entry = order.timeline.get(kind=TimelineKind.REFUNDED)
        assert Refund.objects.get().noticed_by == "reconciler"
        assert sentence(entry) == "$10 was returned. Found by asking Stripe."
        assert refund_mails().count() == 1

    def test_a_failure_weeks_after_it_succeeded_is_found(self, standin, order, paid, user):
        refund = give_back(order, user, 1000)
        standin.fail_refund(refund.provider_id)

        reconcile(timezone.now())

        assert (kept(order), Case.objects.get().kind) == (9900, CaseKind.REFUND_FAILED)

    def test_one_on_its_way_is_asked_about_however_old_it_is(self, standin, order, paid, user, monkeypatch):
        standin.fault("pending_refund", count=1)
        refund = give_back(order, user, 1000)
        with standin.store.transaction():
            old = standin.store.find("refund", refund.provider_id)
            standin.store.change({**old, "created": 1})
        standin.act("refunds", refund.provider_id, "succeed")

        reconcile(yesterday())

        refund.refresh_from_db()
        assert refund.state == RefundState.SUCCEEDED

    def test_every_page_of_stripes_list_is_read(self, standin, order, paid, monkeypatch):
        monkeypatch.setattr("shop.payments.gateway.client.PAGE_SIZE", 1)
        for _time in range(3):
            standin.refund(paid.session_id, 1000)

        reconcile(yesterday())

        assert kept(order) == 6900
