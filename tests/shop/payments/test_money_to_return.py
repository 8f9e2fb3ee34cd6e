"""Money that arrives and belongs to nothing that was ordered, or to no order."""

import pytest

from shop.cases.models import Case, CaseKind, CaseState
from shop.orders.models import Order, OrderStatus
from shop.payments.ledger import ledger_of
from shop.payments.models import Payment, PaymentState
from shop.payments.refund_requests import RefundRefused, return_payment
from tests.shop.payments.conftest import begin_payment
from tests.shop.payments.refunding import UPDATED, books, corrections, kept, pay, standing

pytestmark = pytest.mark.django_db


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
