"""Disputes and fraud warnings, from Stripe's events and from the reconciler."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cms.users.models import User
from shop.cases.models import Case, CaseKind, CaseState
from shop.mail.models import OutboxMail
from shop.orders.models import HoldKind, Order, OrderStatus, Shipment
from shop.orders.timeline import TimelineKind, sentence
from shop.orders.transitions import TransitionRefused, dispatch
from shop.payments.ledger import DisputedAmount, disputed_amounts, refund_is_blocked
from shop.payments.models import Cause, Dispute, DisputeState, EventState, Payment, WebhookEvent
from shop.payments.reconciling import reconcile
from shop.payments.settling.disputes import settle_dispute
from tests.shop.payments.conftest import begin_payment
from tests.shop.payments.refunding import give_status

pytestmark = pytest.mark.django_db

CREATED = "charge.dispute.created"
CLOSED = "charge.dispute.closed"
WARNING = "radar.early_fraud_warning.created"


@pytest.fixture
def user(db) -> User:
    return User.objects.create_user("packer")


def standing(order: Order) -> list[str]:
    return [hold.kind for hold in order.holds.standing()]


def written(order: Order) -> list[str]:
    """Return the kinds of the order's timeline that have to do with disputes."""
    return [entry.kind for entry in order.timeline.all() if entry.kind.startswith("dispute")]


class TestOpening:
    def test_it_is_kept_with_everything_that_staff_need(self, standin, order, paid, disputed):
        row = Dispute.objects.get()

        assert (row.provider_id, row.payment, row.amount, row.currency) == (
            disputed["id"],
            paid,
            9900,
            "USD",
        )
        assert (row.state, row.reason, row.is_withdrawn) == ("needs_response", "fraudulent", True)
        assert row.due_at.timestamp() == disputed["evidence_details"]["due_by"]
        assert row.closed_at is None

    def test_nothing_is_dispatched_and_nothing_written(self, order, disputed, user):
        entries = order.timeline.count()

        with pytest.raises(TransitionRefused, match="must not be dispatched"):
            dispatch(order.pk, "DHL", "1", user)

        order.refresh_from_db()
        assert order.status == OrderStatus.PAID
        assert not Shipment.objects.exists()
        assert order.timeline.count() == entries
        assert not OutboxMail.objects.filter(kind="order_dispatched").exists()

    def test_staff_get_one_case_with_the_deadline_and_one_mail(self, order, disputed, post_event):
        post_event("charge.dispute.funds_withdrawn")

        case = Case.objects.get()
        assert (case.kind, case.reference, case.state) == (
            CaseKind.DISPUTE,
            order.reference,
            CaseState.OPEN,
        )
        assert case.due_at == Dispute.objects.get().due_at
        mail = OutboxMail.objects.get(kind="payment_attention")
        assert "A dispute over $99 is open" in mail.text_body
        assert order.code in mail.text_body
        assert written(order) == [TimelineKind.DISPUTE_OPENED]

    def test_an_inquiry_holds_too_but_takes_no_money_and_may_be_refunded(self, standin, order, paid):
        dispute = standin.dispute(paid.session_id)
        give_status(standin, dispute, "warning_needs_response")
        settle_dispute(dispute["id"], Cause.WEBHOOK)

        assert standing(order) == [HoldKind.DISPUTE]
        assert disputed_amounts(order) == {}
        assert not refund_is_blocked(paid.pk)

    def test_an_inquiry_that_becomes_a_dispute_is_told_anew(self, standin, order, paid):
        dispute = standin.dispute(paid.session_id)
        for status in ("warning_needs_response", "warning_closed", "needs_response"):
            give_status(standin, dispute, status)
            settle_dispute(dispute["id"], Cause.WEBHOOK)

        assert standing(order) == [HoldKind.DISPUTE]
        assert Case.objects.filter(state=CaseState.OPEN).count() == 1
        assert OutboxMail.objects.filter(kind="payment_attention").count() == 2
        assert refund_is_blocked(paid.pk)

    def test_a_word_that_stripe_adds_later_is_an_open_dispute(self, standin, order, paid):
        dispute = standin.dispute(paid.session_id)
        give_status(standin, dispute, "something_new", reason="another_new_word")
        settle_dispute(dispute["id"], Cause.WEBHOOK)

        assert standing(order) == [HoldKind.DISPUTE]
        assert Dispute.objects.get().reason_text == "another new word"


class TestDecision:
    def test_won_lets_the_order_go(self, standin, order, paid, disputed, post_event, user):
        standin.close_dispute(disputed["id"], won=True)
        post_event(CLOSED)

        case, row = Case.objects.get(), Dispute.objects.get()
        assert (case.state, case.outcome) == (CaseState.CLOSED, "Won")
        assert (row.state, row.is_withdrawn, row.closed_at is None) == ("won", False, False)
        assert disputed_amounts(order) == {}
        assert not refund_is_blocked(paid.pk)
        assert written(order) == [TimelineKind.DISPUTE_OPENED, TimelineKind.DISPUTE_WON]
        assert dispatch(order.pk, "DHL", "1", user).status == OrderStatus.DISPATCHED

    def test_lost_keeps_the_order_here_and_the_loss_in_the_ledger(
        self, standin, order, paid, disputed, post_event, user
    ):
        assert disputed_amounts(order) == {paid.pk: DisputedAmount(withdrawn=9900)}
        standin.close_dispute(disputed["id"], won=False)
        post_event(CLOSED)

        case = Case.objects.get()
        assert (case.state, case.outcome) == (CaseState.CLOSED, "Lost")
        assert disputed_amounts(order) == {paid.pk: DisputedAmount(lost=9900)}
        assert disputed_amounts(order)[paid.pk].gone == 9900
        assert refund_is_blocked(paid.pk)
        with pytest.raises(TransitionRefused):
            dispatch(order.pk, "DHL", "1", user)

    def test_the_ledger_agrees_with_stripes_own_books(self, standin, order, paid, post_event):
        standin.dispute(paid.session_id, 2500)
        post_event(CREATED)

        assert sum(amount.gone for amount in disputed_amounts(order).values()) == 2500
        assert standin.books()["totals"]["usd"]["disputed"] == 2500

    def test_a_prevented_one_stays_until_a_person_has_looked(self, standin, order, disputed):
        give_status(standin, disputed, "prevented")
        settle_dispute(disputed["id"], Cause.WEBHOOK)

        assert standing(order) == [HoldKind.DISPUTE]
        assert written(order)[-1] == TimelineKind.DISPUTE_CLOSED

    def test_what_the_balance_says_counts_more_than_the_state(self, standin, order, disputed):
        movements = [
            {"id": f"txn_{amount}", "object": "balance_transaction", "amount": amount}
            for amount in (-9900, 9900)
        ]
        give_status(standin, disputed, "under_review", balance_transactions=movements)
        settle_dispute(disputed["id"], Cause.WEBHOOK)

        assert disputed_amounts(order) == {}


class TestAnyOrder:
    def test_every_event_many_times_and_backwards_has_one_effect(
        self, standin, order, paid, disputed, post_event
    ):
        standin.act("disputes", disputed["id"], "review")
        standin.close_dispute(disputed["id"], won=True)
        kinds = [CLOSED, "charge.dispute.funds_reinstated", "charge.dispute.updated", CREATED]

        for kind in kinds * 3:
            assert post_event(kind).status_code == 200

        assert Dispute.objects.get().state == "won"
        assert standing(order) == []
        assert written(order) == [TimelineKind.DISPUTE_OPENED, TimelineKind.DISPUTE_WON]
        assert OutboxMail.objects.filter(kind="payment_attention").count() == 1

    @pytest.mark.parametrize("decided", [DisputeState.WON, DisputeState.LOST])
    def test_an_answer_that_is_older_than_the_decision_changes_nothing(
        self, standin, order, disputed, decided
    ):
        """The row stands decided while Stripe's answer of before arrives."""
        give_status(standin, disputed, decided)
        settle_dispute(disputed["id"], Cause.WEBHOOK)
        closed_at, entries, held = Dispute.objects.get().closed_at, order.timeline.count(), standing(order)
        give_status(standin, disputed, "needs_response")

        settle_dispute(disputed["id"], Cause.WEBHOOK)

        row = Dispute.objects.get()
        assert (row.state, row.closed_at) == (decided, closed_at)
        assert order.timeline.count() == entries
        assert standing(order) == held
        assert not Case.objects.unsolved().exists()

    def test_an_inquirys_answer_that_is_older_than_the_dispute_lets_nothing_go(
        self, standin, order, disputed
    ):
        entries = order.timeline.count()
        for status in ("warning_needs_response", "needs_response"):
            give_status(standin, disputed, status)
            settle_dispute(disputed["id"], Cause.WEBHOOK)

        assert standing(order) == [HoldKind.DISPUTE]
        assert Case.objects.unsolved().count() == 1
        assert order.timeline.count() == entries

    def test_a_lost_one_that_is_appealed_against_asks_a_person_again(self, standin, order, disputed):
        for status in ("lost", "appeal_needs_response"):
            give_status(standin, disputed, status)
            settle_dispute(disputed["id"], Cause.WEBHOOK)

        assert Case.objects.unsolved().get().due_at == Dispute.objects.get().due_at
        assert standing(order) == [HoldKind.DISPUTE]
        assert written(order)[-1] == TimelineKind.DISPUTE_APPEALED
        assert OutboxMail.objects.filter(kind="payment_attention").count() == 2

    @pytest.mark.parametrize(("decided", "held"), [("won", []), ("lost", [HoldKind.DISPUTE])])
    def test_an_appeal_ends_in_a_decision(self, standin, order, disputed, decided, held):
        for status in ("lost", "appeal_under_review", decided):
            give_status(standin, disputed, status)
            settle_dispute(disputed["id"], Cause.WEBHOOK)

        assert standing(order) == held
        assert Dispute.objects.get().is_withdrawn is (decided == "lost")
        assert Case.objects.unsolved().count() == 0

    def test_one_that_was_won_and_is_lost_after_all_holds_the_order_again(self, standin, order, disputed):
        for status in ("won", "lost"):
            give_status(standin, disputed, status)
            settle_dispute(disputed["id"], Cause.WEBHOOK)

        assert standing(order) == [HoldKind.DISPUTE]

    def test_one_that_comes_before_its_payments_own_events_settles_the_payment_first(
        self, standin, order, payment, post_event
    ):
        standin.pay(payment.session_id)
        standin.dispute(payment.session_id)

        assert post_event(CREATED).status_code == 200

        order.refresh_from_db()
        assert order.status == OrderStatus.PAID
        assert standing(order) == [HoldKind.DISPUTE]

    def test_stripe_out_of_reach_is_answered_so_that_the_event_comes_again(
        self, standin, order, paid, post_event
    ):
        standin.dispute(paid.session_id)
        standin.fault("server_error", match="GET /v1/disputes/*", count=9)
        assert post_event(CREATED).status_code == 500
        assert standing(order) == []

        standin.clear_faults()
        assert post_event(CREATED).status_code == 200
        assert standing(order) == [HoldKind.DISPUTE]


class TestUnknown:
    @pytest.fixture
    def forgotten(self, standin, payment) -> dict:
        """Open a dispute about a payment that the shop has no row of."""
        standin.pay(payment.session_id)
        dispute = standin.dispute(payment.session_id)
        Payment.objects.all().delete()
        return dispute

    def test_it_is_set_aside_for_staff_and_no_order_changes(self, order, forgotten, post_event):
        entries = order.timeline.count()

        assert post_event(CREATED).status_code == 200

        order.refresh_from_db()
        assert WebhookEvent.objects.get().state == EventState.SET_ASIDE
        assert Dispute.objects.get().payment is None
        assert (Case.objects.get().kind, Case.objects.get().reference) == (
            CaseKind.UNKNOWN_PAYMENT,
            f"dispute:{forgotten['id']}",
        )
        assert order.status == OrderStatus.AWAITING_PAYMENT
        assert order.timeline.count() == entries
        assert standing(order) == []

    def test_an_unpaid_attempt_without_a_payment_intent_is_not_taken_for_it(
        self, standin, order, forgotten, post_event
    ):
        begin_payment(order)

        post_event(CREATED)

        assert Dispute.objects.get().payment is None
        assert standing(order) == []

    def test_once_its_payment_is_found_it_holds_the_order(self, standin, order, paid, post_event):
        intent = paid.payment_intent_id
        dispute = standin.dispute(paid.session_id)
        Payment.objects.update(payment_intent_id="pi_hidden")
        settle_dispute(dispute["id"], Cause.WEBHOOK)
        Payment.objects.update(payment_intent_id=intent)

        reconcile(timezone.now() - timedelta(days=1))

        assert standing(order) == [HoldKind.DISPUTE]
        unknown = Case.objects.get(kind=CaseKind.UNKNOWN_PAYMENT)
        assert (unknown.state, unknown.outcome) == (CaseState.CLOSED, "The payment was found")

    @pytest.mark.parametrize("kind", [CREATED, WARNING])
    def test_the_other_mode_changes_nothing(self, settings, standin, order, paid, post_event, kind):
        standin.warn_of_fraud(paid.session_id)
        dispute = standin.dispute(paid.session_id)
        settings.STRIPE_SECRET_KEY = standin.secret_key.replace("sk_test_", "sk_live_")

        assert post_event(kind).status_code == 200

        assert WebhookEvent.objects.get().state == EventState.SET_ASIDE
        assert not Dispute.objects.exists()
        assert standing(order) == []
        assert dispute["livemode"] is False

    def test_one_that_stripe_does_not_know_is_set_aside(self, standin, db):
        assert settle_dispute("dp_invented", Cause.WEBHOOK).reason == "Stripe knows no such dispute"
        assert not Dispute.objects.exists()


class TestFraudWarning:
    def test_it_holds_the_order_and_asks_a_person(self, standin, order, paid, post_event, user):
        warning = standin.warn_of_fraud(paid.session_id)
        for _time in range(2):
            assert post_event(WARNING).status_code == 200

        case = Case.objects.get()
        assert standing(order) == [HoldKind.FRAUD_WARNING]
        assert (case.kind, case.occasion) == (CaseKind.FRAUD_WARNING, warning["id"])
        assert OutboxMail.objects.filter(kind="payment_attention").count() == 1
        with pytest.raises(TransitionRefused):
            dispatch(order.pk, "DHL", "1", user)

    def test_one_that_comes_before_its_payments_own_events_names_the_payment_as_stripe_does(
        self, standin, order, payment, post_event
    ):
        standin.pay(payment.session_id)
        standin.warn_of_fraud(payment.session_id)

        assert post_event(WARNING).status_code == 200

        payment.refresh_from_db()
        mail = OutboxMail.objects.get(kind="payment_attention")
        assert payment.payment_intent_id in mail.text_body
        assert payment.session_id not in mail.text_body

    def test_about_an_unknown_payment_it_is_set_aside(self, standin, order, payment, post_event):
        standin.pay(payment.session_id)
        standin.warn_of_fraud(payment.session_id)
        Payment.objects.all().delete()

        post_event(WARNING)

        assert WebhookEvent.objects.get().state == EventState.SET_ASIDE
        assert standing(order) == []


def test_the_timeline_says_it_in_words(standin, order, paid, disputed, post_event):
    standin.close_dispute(disputed["id"], won=False)
    post_event(CLOSED)

    said = [sentence(entry) for entry in order.timeline.filter(kind__startswith="dispute")]

    assert said == [
        "A dispute over $99 was opened at the payer's bank.",
        "The dispute over $99 was lost. The order stays held back.",
    ]
