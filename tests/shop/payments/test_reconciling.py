from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from shop.cases.models import Case, CaseState
from shop.orders.models import Order, OrderStatus
from shop.orders.placing import DiscountRequest, LineRequest, place_order
from shop.payments import gateway
from shop.payments.expiry import end_unpaid_orders
from shop.payments.models import EventState, Payment, PaymentState, WebhookEvent
from shop.payments.reconciling import reconcile
from tests.factories.shop import make_code, make_details, make_order, make_package, make_site_settings
from tests.shop.payments.conftest import begin_payment

pytestmark = pytest.mark.django_db


def yesterday():
    return timezone.now() - timedelta(days=1)


def test_a_payment_whose_webhooks_never_came_is_settled(standin, order, payment):
    standin.pay(payment.session_id)

    result = reconcile(yesterday())

    order.refresh_from_db()
    payment.refresh_from_db()
    assert (result.asked, result.settled) == (1, 1)
    assert (order.status, payment.settled_by) == (OrderStatus.PAID, "reconciler")
    assert order.timeline.get(kind="paid").data["cause"] == "reconciler"


def test_a_second_run_has_nothing_to_ask(standin, order, payment):
    standin.pay(payment.session_id)
    reconcile(yesterday())

    assert reconcile(yesterday()).asked == 0


def test_a_session_whose_creation_was_never_answered_is_found_at_stripe(standin, order, payment):
    standin.pay(payment.session_id)
    Payment.objects.update(session_id=None, state=PaymentState.CREATED)

    reconcile(yesterday())

    order.refresh_from_db()
    assert order.status == OrderStatus.PAID


def test_an_attempt_that_ran_out_is_noted(standin, order, payment):
    standin.lapse(payment.session_id)

    reconcile(yesterday())

    payment.refresh_from_db()
    assert payment.state == PaymentState.EXPIRED


def test_every_page_of_stripes_list_is_read(standin, order, monkeypatch):
    monkeypatch.setattr(gateway, "PAGE_SIZE", 2)
    payments = [begin_payment(make_order()) for _ in range(5)]

    listed = {session.id for session in gateway.list_sessions(yesterday())}

    assert listed == {payment.session_id for payment in payments}


def test_stripe_out_of_reach_is_said_in_one_line(settings, standin, order, payment):
    settings.STRIPE_API_BASE = "http://127.0.0.1:1"

    with pytest.raises(CommandError, match="does not answer"):
        call_command("reconcile_payments")


def test_the_command_takes_a_day(standin, order, payment):
    standin.pay(payment.session_id)
    said = StringIO()

    call_command("reconcile_payments", "--since", "2026-01-01", stdout=said)

    assert said.getvalue() == "1 asked, 1 paid, 0 need a person\n"


def test_an_event_that_failed_is_handled_again_though_stripe_gave_up(
    settings, standin, order, payment, post_event
):
    standin.pay(payment.session_id)
    settings.STRIPE_API_BASE = "http://127.0.0.1:1"
    assert post_event("checkout.session.completed").status_code == 500
    settings.STRIPE_API_BASE = standin.base_url
    reconcile(yesterday())
    assert WebhookEvent.objects.get().state == EventState.FAILED, "it may still be at work"

    WebhookEvent.objects.update(received_at=timezone.now() - timedelta(minutes=10))
    reconcile(yesterday())

    assert WebhookEvent.objects.get().state == EventState.HANDLED
    assert Case.objects.get().state == CaseState.CLOSED


class TestUnpaidOrders:
    def wait(self, order, days):
        Order.objects.filter(pk=order.pk).update(created_at=timezone.now() - timedelta(days=days))

    def test_an_old_one_ends_with_its_session(self, standin, order, payment):
        self.wait(order, 15)

        assert end_unpaid_orders(timezone.now()) == 1

        order.refresh_from_db()
        payment.refresh_from_db()
        assert (order.status, payment.state) == (OrderStatus.CANCELLED, PaymentState.EXPIRED)

    def test_a_young_one_stays(self, standin, order, payment):
        self.wait(order, 13)

        assert end_unpaid_orders(timezone.now()) == 0

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
        assert end_unpaid_orders(timezone.now() + timedelta(hours=23)) == 0

        assert end_unpaid_orders(timezone.now() + timedelta(hours=25)) == ended

        order.refresh_from_db()
        sold.refresh_from_db()
        assert (order.status == OrderStatus.CANCELLED) is bool(ended)
        assert sold.stock_quantity == package.get("stock_quantity")

    def test_one_that_was_paid_at_the_last_moment_is_settled(self, standin, order, payment):
        self.wait(order, 15)
        standin.pay(payment.session_id)

        assert end_unpaid_orders(timezone.now()) == 0

        order.refresh_from_db()
        assert order.status == OrderStatus.PAID

    def test_one_whose_bank_payment_is_on_its_way_stays(self, standin, order, payment):
        self.wait(order, 15)
        standin.delay(payment.session_id)

        assert end_unpaid_orders(timezone.now()) == 0

        order.refresh_from_db()
        assert order.status == OrderStatus.AWAITING_PAYMENT
