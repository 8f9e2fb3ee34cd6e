"""Orders that nobody pays are cancelled in time, and none that was paid."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shop.orders.models import Order, OrderStatus
from shop.orders.placing import DiscountRequest, LineRequest, place_order
from shop.payments import gateway
from shop.payments.cancelling import cancel_unpaid_orders
from shop.payments.models import PaymentState
from tests.factories.shop import make_code, make_details, make_order, make_package, make_site_settings
from tests.shop.payments.conftest import begin_payment
from tests.shop.payments.interleaving import unwritable

pytestmark = pytest.mark.django_db


class TestUnpaidOrders:
    def wait(self, order, days):
        Order.objects.filter(pk=order.pk).update(created_at=timezone.now() - timedelta(days=days))

    def test_an_old_one_ends_with_its_session(self, standin, order, payment):
        self.wait(order, 15)

        assert cancel_unpaid_orders(timezone.now()) == 1

        order.refresh_from_db()
        payment.refresh_from_db()
        assert (order.status, payment.state) == (OrderStatus.CANCELLED, PaymentState.EXPIRED)

    def test_a_broken_one_is_named_in_the_log_and_the_others_end(self, standin, order, payment, caplog):
        other = make_order()
        self.wait(order, 16)
        self.wait(other, 15)

        with unwritable(order):
            assert cancel_unpaid_orders(timezone.now()) == 1

        other.refresh_from_db()
        assert other.status == OrderStatus.CANCELLED
        assert f"order {order.code}" in caplog.text
        assert cancel_unpaid_orders(timezone.now()) == 1

    def test_one_whose_session_stripe_cannot_end_is_said_when_the_others_have_ended(
        self, standin, order, payment
    ):
        other = make_order()
        begin_payment(other)
        self.wait(order, 16)
        self.wait(other, 15)
        standin.fault("server_error", match=f"POST /v1/checkout/sessions/{payment.session_id}/*", count=99)

        with pytest.raises(gateway.PaymentUnavailable, match="1 not answered"):
            cancel_unpaid_orders(timezone.now())

        order.refresh_from_db()
        other.refresh_from_db()
        assert (order.status, other.status) == (OrderStatus.AWAITING_PAYMENT, OrderStatus.CANCELLED)

    def test_a_young_one_stays(self, standin, order, payment):
        self.wait(order, 13)

        assert cancel_unpaid_orders(timezone.now()) == 0

        order.refresh_from_db()
        assert order.status == OrderStatus.AWAITING_PAYMENT

    @pytest.mark.parametrize(
        ("package", "code", "ended"),
        [
            ({"stock_quantity": 1}, {}, 1),
            ({}, {"total_limit": 1}, 1),
            ({}, {"customer_limit": 1}, 0),
            ({}, {}, 0),
        ],
        ids=["limited stock", "counted code", "a code for every customer", "nothing"],
    )
    def test_one_that_keeps_something_from_others_ends_after_a_day(self, db, package, code, ended):
        make_site_settings()
        sold = make_package(**package)
        make_code(**code)
        order = place_order(
            make_details(), [LineRequest(sold, 1)], DiscountRequest("SPRING") if code else None
        )
        assert cancel_unpaid_orders(timezone.now() + timedelta(hours=23)) == 0

        assert cancel_unpaid_orders(timezone.now() + timedelta(hours=25)) == ended

        order.refresh_from_db()
        sold.refresh_from_db()
        assert (order.status == OrderStatus.CANCELLED) is bool(ended)
        assert sold.stock_quantity == package.get("stock_quantity")

    def test_one_that_was_paid_at_the_last_moment_is_settled(self, standin, order, payment):
        self.wait(order, 15)
        standin.pay(payment.session_id)

        assert cancel_unpaid_orders(timezone.now()) == 0

        order.refresh_from_db()
        assert order.status == OrderStatus.PAID

    def test_one_whose_bank_payment_is_on_its_way_stays(self, standin, order, payment):
        self.wait(order, 15)
        standin.delay(payment.session_id)

        assert cancel_unpaid_orders(timezone.now()) == 0

        order.refresh_from_db()
        assert order.status == OrderStatus.AWAITING_PAYMENT
