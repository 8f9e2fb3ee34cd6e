"""Refunds that staff ask for, and answers of Stripe that get lost."""

from uuid import uuid4

import pytest

from cms.core.currencies import currency_of
from shop.audit.books import RULES, audit
from shop.cases.models import Case, CaseKind
from shop.orders.models import HoldKind, Order, OrderStatus
from shop.orders.timeline import TimelineKind
from shop.orders.transitions import TransitionRefused, dispatch
from shop.payments.models import Cause, Refund, RefundState
from shop.payments.reconciling import reconcile
from shop.payments.refund_requests import RefundRefused, RefundRequest, request_refund
from shop.payments.settling.sessions import settle_session
from tests.factories.shop import make_order, make_package, make_site_settings
from tests.shop.payments.conftest import begin_payment
from tests.shop.payments.refunding import (
    CHARGE,
    CREATED,
    FAILED,
    books,
    corrections,
    give_back,
    kept,
    kits_of,
    refund_mails,
    standing,
    written,
    yesterday,
)

pytestmark = pytest.mark.django_db


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
        assert "We have sent $25 back " in refund_mails().get().text_body
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
        with pytest.raises(TransitionRefused, match="all of the money goes back"):
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
        rows = {
            request_refund(order, RefundRequest("A", amount=2500), user=user, key=key).pk
            for _time in range(2)
        }

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
            standin.store.change({**standin.store.find("charge", charge), "amount_refunded": 9900})

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
        amounts = [give_back(order, user, kits=kits_of(line)).amount for _number in range(3)]

        assert sum(amounts) == 28700
        assert set(amounts) == {9566, 9567}
        assert kept(order) == books(standin) == 0

    def test_the_parts_add_up_when_one_of_them_failed_in_between(
        self, standin, order, paid, user, post_event
    ):
        line = order.lines.get()
        failing, kept_one = (give_back(order, user, kits=kits_of(line)) for _number in range(2))
        assert (failing.amount, kept_one.amount) == (9566, 9567)
        standin.fail_refund(failing.provider_id)
        post_event(FAILED)

        amounts = [give_back(order, user, kits=kits_of(line)).amount for _number in range(2)]

        assert kept_one.amount + sum(amounts) == 28700
        assert kept(order) == books(standin) == 0

    def test_no_kit_is_given_back_twice(self, order, paid, user):
        kits = kits_of(order.lines.get(), 3)
        give_back(order, user, kits=kits[:2])

        with pytest.raises(RefundRefused, match="goes back already"):
            give_back(order, user, kits=kits[1:])
        with pytest.raises(RefundRefused, match="Nothing was chosen"):
            give_back(order, user, kits=[])
        assert Refund.objects.count() == 1

    def test_a_kit_of_another_order_is_refused(self, order, paid, user):
        with pytest.raises(RefundRefused):
            give_back(order, user, kits=kits_of(make_order().lines.get()))

    def test_a_part_that_failed_may_be_given_back_again(self, standin, order, paid, user, post_event):
        line = order.lines.get()
        refund = give_back(order, user, kits=kits_of(line, 3))
        standin.fail_refund(refund.provider_id)
        post_event(FAILED)

        assert give_back(order, user, kits=kits_of(line, 3)).amount == 28700


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
            standin.store.change({**standin.store.find("charge", charge), "amount_refunded": 9900})

        Refund.objects.update(created_at=yesterday())
        reconcile(yesterday())

        assert Refund.objects.get().state == RefundState.FAILED
        assert Case.objects.get().kind == CaseKind.REFUND_FAILED
        assert (kept(order), standing(order)) == (9900, [])


@pytest.mark.parametrize("currency", ["IDR", "COP"])
def test_the_most_that_stripe_charges_is_paid_and_given_back_and_adds_up(standin, user, currency):
    make_site_settings()
    most = currency_of(currency).largest
    assert most > 2**31
    order = make_order(package=make_package(currency=currency, price_amount=most))
    session = begin_payment(order).session_id
    standin.pay(session)
    settle_session(session, Cause.WEBHOOK)
    give_back(order, user, most - 100)

    assert kept(order) == 100
    assert corrections(order) == [most - 100]
    assert {rule.name: findings for rule, findings in audit(RULES).items() if findings} == {}
