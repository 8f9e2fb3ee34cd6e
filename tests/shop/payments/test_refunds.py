"""Refunds by staff and in Stripe's dashboard, their failure, and what the books say of them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from cms.users.models import User
from shop.cases.models import Case, CaseKind, CaseState
from shop.mail.models import MailState, OutboxMail
from shop.orders.models import HoldKind, Order, OrderStatus
from shop.orders.timeline import TimelineKind, sentence
from shop.orders.transitions import TransitionRefused, dispatch
from shop.payments import gateway_refunds
from shop.payments.ledger import ledger_of
from shop.payments.models import EventState, Payment, PaymentState, Refund, RefundState, WebhookEvent
from shop.payments.reconciling import reconcile
from shop.payments.refund_requests import RefundRefused, Wish, request_refund, return_payment
from shop.payments.refunds import settle_refund, settle_told
from shop.payments.settlement import settle_session
from shop.receipts.models import ReceiptKind
from tests.factories.shop import make_order
from tests.shop.payments.conftest import begin_payment

pytestmark = pytest.mark.django_db

CREATED, UPDATED, FAILED, CHARGE = "refund.created", "refund.updated", "refund.failed", "charge.refunded"


def yesterday():
    return timezone.now() - timedelta(days=1)


@pytest.fixture
def user(db) -> User:
    return User.objects.create_user("bookkeeper")


@pytest.fixture
def paid(standin, payment) -> Payment:
    """A payment of 99 dollars that arrived."""
    return pay(standin, payment)


def pay(standin, payment: Payment) -> Payment:
    standin.pay(payment.session_id)
    settle_session(payment.session_id, "webhook")
    payment.refresh_from_db()
    return payment


def give_back(order: Order, user: User, amount: int | None = None, **wish) -> Refund:
    return request_refund(order, Wish(reason="Asked for it", amount=amount, **wish), user=user)


def refund_mails(*states: str):
    mails = OutboxMail.objects.filter(kind="order_refunded")
    return mails.filter(state__in=states) if states else mails


def kept(order: Order) -> int:
    return ledger_of(Order.objects.get(pk=order.pk)).kept


def books(standin) -> int:
    return standin.books()["totals"]["usd"]["net"]


def standing(order: Order) -> list[str]:
    return [hold.kind for hold in order.holds.standing()]


def written(order: Order) -> list[str]:
    return [entry.kind for entry in order.timeline.all() if entry.kind.startswith("refund")]


def corrections(order: Order) -> list[int]:
    rows = order.receipts.filter(kind=ReceiptKind.CORRECTION)
    return [row.data["total_amount"] for row in rows]


class TestByStaff:
    def test_a_part_is_returned_told_once_and_corrected(self, standin, order, paid, user, post_event):
        refund = give_back(order, user, 2500)
        for kind in (CREATED, CHARGE, CREATED):
            assert post_event(kind).status_code == 200

        assert (refund.state, refund.amount, refund.asked_by, refund.origin) == (
            RefundState.SUCCEEDED,
            2500,
            user,
            "staff",
        )
        assert Refund.objects.get().provider_id == refund.provider_id
        assert kept(order) == books(standin) == 7400
        assert written(order) == [TimelineKind.REFUND_REQUESTED, TimelineKind.REFUNDED]
        assert "We have returned $25 " in refund_mails().get().text_body
        assert corrections(order) == [2500]

    def test_a_part_does_not_hold_the_parcel(self, order, paid, user):
        give_back(order, user, 2500)

        assert dispatch(order.pk, "DHL", "1", user).status == OrderStatus.DISPATCHED

    def test_all_that_is_left_holds_the_parcel_and_the_order_stays_paid(self, standin, order, paid, user):
        give_back(order, user, 2500)
        assert give_back(order, user).amount == 7400

        order.refresh_from_db()
        assert order.status == OrderStatus.PAID
        assert kept(order) == books(standin) == 0
        assert standing(order) == [HoldKind.REFUNDED]
        with pytest.raises(TransitionRefused, match="the money was returned"):
            dispatch(order.pk, "DHL", "1", user)

    @pytest.mark.parametrize("amount", [9901, 0, -5])
    def test_never_more_than_is_left_nor_nothing(self, standin, order, paid, user, amount):
        with pytest.raises(RefundRefused):
            give_back(order, user, amount)

        assert not Refund.objects.exists()
        assert books(standin) == 9900

    def test_what_was_promised_is_not_left(self, order, paid, user, standin):
        standin.fault("pending_refund", count=1)
        assert give_back(order, user, 9000).state == RefundState.PENDING

        with pytest.raises(RefundRefused, match=r"At most \$9 can be refunded"):
            give_back(order, user, 901)

    def test_an_unpaid_order_has_nothing_to_give_back(self, order, payment, user):
        with pytest.raises(RefundRefused, match="Nothing is left"):
            give_back(order, user)

    def test_a_form_sent_twice_gives_back_once(self, standin, order, paid, user):
        key = uuid4()
        rows = {request_refund(order, Wish("A", amount=2500), user=user, key=key).pk for _time in range(2)}

        assert len(rows) == 1
        assert books(standin) == 7400

    def test_stripe_learns_no_reason(self, standin, order, paid, user):
        give_back(order, user, 100)

        told = standin.events(CREATED)[-1]["data"]["object"]
        assert told["metadata"].keys() == {"order", "payment", "refund"}
        assert told["reason"] == "requested_by_customer"

    def test_what_stripe_refuses_is_left_again(self, standin, order, paid, user):
        charge = standin.store.find("payment_intent", paid.payment_intent_id)["latest_charge"]
        with standin.store.transaction():
            standin.store.change({**standin.store.find("charge", charge), "disputed": True})

        with pytest.raises(RefundRefused, match="Stripe refuses"):
            give_back(order, user)

        assert Refund.objects.get().state == RefundState.FAILED
        assert kept(order) == 9900
        assert standing(order) == []
        assert not refund_mails().exists()

    def test_an_open_dispute_needs_a_second_thought(self, standin, order, paid, user, post_event):
        standin.dispute(paid.session_id, 2500)
        post_event("charge.dispute.created")

        with pytest.raises(RefundRefused, match="A dispute is open"):
            give_back(order, user, 100)
        with pytest.raises(RefundRefused, match=r"At most \$74"):
            give_back(order, user, 7401, accepts_dispute=True)


class TestByLine:
    @pytest.fixture
    def order(self, db) -> Order:
        """Three kits for 99 dollars each, with a discount that does not divide by three."""
        order = make_order(quantity=3)
        order.lines.update(discount_amount=1000)
        Order.objects.filter(pk=order.pk).update(total_amount=28700, discount_amount=1000)
        order.refresh_from_db()
        return order

    def test_each_part_costs_what_was_paid_for_it(self, standin, order, paid, user):
        line = order.lines.get()
        amounts = [give_back(order, user, quantities={line.pk: quantity}).amount for quantity in (1, 1, 1)]

        assert sum(amounts) == 28700
        assert set(amounts) == {9566, 9567}
        assert kept(order) == books(standin) == 0

    def test_no_more_of_a_line_than_was_bought(self, order, paid, user):
        line = order.lines.get()
        give_back(order, user, quantities={line.pk: 2})

        with pytest.raises(RefundRefused, match="At most 1 of this line"):
            give_back(order, user, quantities={line.pk: 2})
        with pytest.raises(RefundRefused, match="Nothing was chosen"):
            give_back(order, user, quantities={line.pk: 0})

    def test_a_line_of_another_order_is_refused(self, order, paid, user):
        with pytest.raises(RefundRefused):
            give_back(order, user, quantities={make_order().lines.get().pk: 1})

    def test_a_part_that_failed_may_be_given_back_again(self, standin, order, paid, user, post_event):
        line = order.lines.get()
        refund = give_back(order, user, quantities={line.pk: 3})
        standin.fail_refund(refund.provider_id)
        post_event(FAILED)

        assert give_back(order, user, quantities={line.pk: 3}).amount == 28700


class TestLostAnswer:
    @pytest.mark.parametrize("fault", ["close", "server_error_after"])
    def test_a_refund_whose_answer_got_lost_is_made_once(self, standin, order, paid, user, fault):
        """Stripe has done it; every answer of the first try and its repetitions is lost."""
        standin.fault(fault, match="POST /v1/refunds", count=3)
        standin.fault("server_error", match="GET /v1/refunds", count=3)
        refund = give_back(order, user, 4000)
        assert refund.state == RefundState.REQUESTED
        assert kept(order) == 5900
        standin.clear_faults()

        Refund.objects.update(created_at=yesterday())
        reconcile(yesterday())

        refund.refresh_from_db()
        assert refund.state == RefundState.SUCCEEDED
        assert kept(order) == books(standin) == 5900
        assert refund_mails().count() == 1
        assert order.timeline.get(kind=TimelineKind.REFUNDED).data["cause"] == "reconciler"

    def test_one_that_never_reached_stripe_is_made_by_the_reconciler(self, standin, order, paid, user):
        standin.fault("rate_limit", match="POST /v1/refunds", count=9)
        refund = give_back(order, user, 4000)
        assert (refund.state, books(standin)) == (RefundState.REQUESTED, 9900)
        standin.clear_faults()

        Refund.objects.update(created_at=yesterday())
        for _run in range(2):
            reconcile(yesterday())

        refund.refresh_from_db()
        assert refund.state == RefundState.SUCCEEDED
        assert books(standin) == 5900

    def test_its_webhook_names_it_before_anybody_asks(self, standin, order, paid, user, post_event):
        standin.fault("close", match="POST /v1/refunds", count=3)
        refund = give_back(order, user, 4000)

        post_event(CREATED)

        refund.refresh_from_db()
        assert (refund.state, Refund.objects.count()) == (RefundState.SUCCEEDED, 1)

    def test_a_late_refusal_becomes_a_case(self, standin, order, paid, user):
        standin.fault("rate_limit", match="POST /v1/refunds", count=9)
        give_back(order, user)
        standin.clear_faults()
        charge = standin.store.find("payment_intent", paid.payment_intent_id)["latest_charge"]
        with standin.store.transaction():
            standin.store.change({**standin.store.find("charge", charge), "disputed": True})

        Refund.objects.update(created_at=yesterday())
        reconcile(yesterday())

        assert Refund.objects.get().state == RefundState.FAILED
        assert Case.objects.get().kind == CaseKind.REFUND_FAILED
        assert (kept(order), standing(order)) == (9900, [])


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

    def test_a_mail_that_waits_is_not_sent(self, standin, order, paid, user, post_event):
        refund = give_back(order, user, 4000)
        standin.fail_refund(refund.provider_id)
        post_event(FAILED)

        assert refund_mails().get().state == MailState.CANCELLED
        assert "was told" not in Case.objects.get().reason

    def test_another_try_ends_the_case_and_corrects_the_receipt_once(
        self, standin, order, paid, user, post_event
    ):
        refund = give_back(order, user, 4000)
        standin.fail_refund(refund.provider_id)
        post_event(FAILED)
        give_back(order, user, 4000)

        case = Case.objects.get()
        assert (case.state, case.outcome) == (CaseState.CLOSED, "The money was returned in another try")
        assert corrections(order) == [4000]
        assert kept(order) == books(standin) == 5900

    def test_an_answer_that_was_overtaken_does_not_bring_it_back(self, standin, order, paid, user):
        refund = give_back(order, user, 4000)
        earlier = gateway_refunds.retrieve_refund(refund.provider_id)
        standin.fail_refund(refund.provider_id)
        settle_refund(refund.provider_id, "webhook")

        settle_told(earlier, "reconciler")

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

    def test_of_an_unknown_payment_it_is_set_aside(self, standin, order, payment, post_event):
        standin.pay(payment.session_id)
        refund = standin.refund(payment.session_id)
        Payment.objects.all().delete()

        assert post_event(CREATED).status_code == 200

        case = Case.objects.get()
        assert (case.kind, case.reference) == (CaseKind.UNKNOWN_PAYMENT, f"refund:{refund['id']}")
        assert WebhookEvent.objects.get().state == EventState.SET_ASIDE
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
        monkeypatch.setattr("shop.payments.gateway.PAGE_SIZE", 1)
        for _time in range(3):
            standin.refund(paid.session_id, 1000)

        reconcile(yesterday())

        assert kept(order) == 6900


class TestMoneyToReturn:
    @pytest.fixture
    def second(self, standin, order, payment) -> Payment:
        """Another payment for an order that was paid already."""
        Payment.objects.filter(pk=payment.pk).update(state=PaymentState.EXPIRED)
        again = begin_payment(order)
        pay(standin, payment)
        return pay(standin, again)

    def test_paid_twice_is_a_case_that_ends_with_the_refund_and_corrects_no_receipt(
        self, standin, order, second, user
    ):
        case = Case.objects.get()
        assert (case.kind, case.reference) == (CaseKind.MONEY_TO_RETURN, order.reference)
        assert [balance.is_to_return for balance in ledger_of(order).balances] == [False, True]

        refund = return_payment(second, user=user)

        case.refresh_from_db()
        assert (refund.amount, refund.payment) == (9900, second)
        assert (case.state, case.outcome) == (CaseState.CLOSED, "The money was returned")
        assert kept(order) == books(standin) == 9900
        assert corrections(order) == []
        assert standing(order) == []

    def test_it_is_returned_once(self, standin, order, second, user):
        return_payment(second, user=user)

        with pytest.raises(RefundRefused):
            return_payment(second, user=user)
        assert books(standin) == 9900

    def test_the_case_stays_open_until_the_money_is_gone(self, standin, order, second, user, post_event):
        standin.fault("pending_refund", count=1)
        refund = return_payment(second, user=user)
        assert Case.objects.get().state == CaseState.OPEN

        standin.act("refunds", refund.provider_id, "succeed")
        post_event(UPDATED)
        assert Case.objects.get().state == CaseState.CLOSED

    def test_paid_after_cancellation(self, standin, order, payment, user):
        Order.objects.filter(pk=order.pk).update(status=OrderStatus.CANCELLED)
        pay(standin, payment)
        assert Case.objects.get().kind == CaseKind.MONEY_TO_RETURN

        return_payment(payment, user=user)

        order.refresh_from_db()
        assert order.status == OrderStatus.CANCELLED
        assert Case.objects.get().state == CaseState.CLOSED
        assert order.receipts.count() == 0


def test_a_payment_that_does_not_match_is_a_case_too(standin, order, payment, post_event):
    Payment.objects.update(amount=9800)
    standin.pay(payment.session_id)

    post_event("checkout.session.completed")

    case = Case.objects.get()
    assert (case.kind, case.reference) == (CaseKind.PAYMENT_MISMATCH, order.reference)
    assert "amount" in case.reason
    order.refresh_from_db()
    assert order.status == OrderStatus.AWAITING_PAYMENT


def test_a_payment_of_no_order_is_a_case_that_ends_when_it_is_found(standin, order, payment, post_event):
    standin.pay(payment.session_id)
    Payment.objects.update(session_id="cs_hidden")
    post_event("checkout.session.completed")
    assert Case.objects.get().kind == CaseKind.UNKNOWN_PAYMENT

    Payment.objects.update(session_id=payment.session_id)
    post_event("checkout.session.completed")

    assert Case.objects.get().state == CaseState.CLOSED
