from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from shop.cases.models import Case, CaseState
from shop.orders.models import HoldKind, OrderStatus
from shop.payments import gateway
from shop.payments.batch import MAX_UNANSWERED_IN_A_ROW, MAX_UNREACHABLE
from shop.payments.models import Cause, Dispute, EventState, Payment, PaymentState, RefundState, WebhookEvent
from shop.payments.reconciling import reconcile
from shop.payments.settling.sessions import settle_session
from tests.factories.shop import make_order
from tests.shop.payments.conftest import begin_payment
from tests.shop.payments.interleaving import unwritable
from tests.shop.payments.refunding import give_back, yesterday

pytestmark = pytest.mark.django_db


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
    monkeypatch.setattr("shop.payments.gateway.client.PAGE_SIZE", 2)
    payments = [begin_payment(make_order()) for _ in range(5)]

    listed = {session.id for session in gateway.list_sessions(yesterday())}

    assert listed == {payment.session_id for payment in payments}


def test_stripe_out_of_reach_is_said_in_one_line(settings, standin, order, payment):
    settings.STRIPE_API_BASE = "http://127.0.0.1:1"

    with pytest.raises(CommandError, match="does not answer"):
        call_command("reconcile_payments")


class TestOneThatFails:
    """What Stripe or the database does not give is said at the end; everything else is settled."""

    @pytest.fixture
    def failed_event(self, settings, standin, paid, post_event) -> WebhookEvent:
        """Make an event that could not be handled, ten minutes ago."""
        settings.STRIPE_API_BASE = "http://127.0.0.1:1"
        standin.warn_of_fraud(paid.session_id)
        assert post_event("radar.early_fraud_warning.created").status_code == 500
        settings.STRIPE_API_BASE = standin.base_url
        WebhookEvent.objects.update(received_at=timezone.now() - timedelta(minutes=10))
        return WebhookEvent.objects.get()

    def test_a_session_that_stripe_cannot_show_hides_no_other(self, standin, order, payment):
        other = begin_payment(make_order())
        standin.pay(other.session_id)
        standin.fault("server_error", match=f"GET /v1/checkout/sessions/{payment.session_id}", count=99)

        with pytest.raises(gateway.PaymentUnavailable, match="1 not answered"):
            reconcile(yesterday())

        other.refresh_from_db()
        assert other.state == PaymentState.SUCCEEDED

    def test_a_row_that_the_database_refuses_hides_no_other(self, standin, order, payment):
        other = begin_payment(make_order())
        for session in (payment, other):
            standin.pay(session.session_id)

        with unwritable(payment):
            result = reconcile(yesterday())

        assert (result.asked, result.settled, result.unclear) == (2, 1, 1)
        assert reconcile(yesterday()).settled == 1

    @pytest.mark.parametrize(
        "refused", ["checkout/sessions", "refunds", "disputes", "radar/early_fraud_warnings"]
    )
    def test_a_list_that_stripe_does_not_give_stops_nothing_else(
        self, standin, order, paid, failed_event, refused
    ):
        later = begin_payment(make_order())
        standin.pay(later.session_id)
        standin.fault("server_error", match=f"GET /v1/{refused}", count=99)

        with pytest.raises(CommandError, match="1 not answered"):
            call_command("reconcile_payments")

        failed_event.refresh_from_db()
        later.refresh_from_db()
        assert (failed_event.state, later.state) == (EventState.HANDLED, PaymentState.SUCCEEDED)
        assert order.holds.standing().get().kind == HoldKind.FRAUD_WARNING

    def test_a_refund_that_stripe_cannot_show_hides_no_other(self, standin, order, paid, user):
        standin.fault("pending_refund", count=2)
        first, second = give_back(order, user, 3000), give_back(order, user, 2000)
        standin.act("refunds", second.provider_id, "succeed")
        standin.fault("server_error", match=f"GET /v1/refunds/{first.provider_id}", count=99)

        with pytest.raises(gateway.PaymentUnavailable, match="1 not answered"):
            reconcile(yesterday())

        second.refresh_from_db()
        assert second.state == RefundState.SUCCEEDED

    def test_a_dispute_that_stripe_cannot_show_hides_no_other(self, standin, order, paid, disputed):
        other = begin_payment(make_order())
        standin.pay(other.session_id)
        settle_session(other.session_id, Cause.WEBHOOK)
        standin.dispute(other.session_id)
        standin.fault("server_error", match=f"GET /v1/disputes/{disputed['id']}", count=99)

        with pytest.raises(gateway.PaymentUnavailable, match="1 not answered"):
            reconcile(yesterday())

        assert Dispute.objects.filter(payment=other).exists()

    def test_an_event_about_something_that_stripe_cannot_show_is_said_too(
        self, standin, order, paid, failed_event
    ):
        order.holds.all().delete()
        standin.fault("server_error", match=f"GET /v1/radar/*/{failed_event.object_id}", count=99)

        with pytest.raises(gateway.PaymentUnavailable, match="2 not answered"):
            reconcile(yesterday())

        failed_event.refresh_from_db()
        assert failed_event.state == EventState.FAILED

    def test_after_several_failures_in_a_row_a_stage_waits_for_the_next_run(self, standin, order, payment):
        payments = [payment, *(begin_payment(make_order()) for _ in range(MAX_UNANSWERED_IN_A_ROW))]
        for each in payments:
            standin.pay(each.session_id)
        for each in payments[:-1]:
            standin.fault("server_error", match=f"GET /v1/checkout/sessions/{each.session_id}", count=99)

        with pytest.raises(gateway.PaymentUnavailable, match=f"{MAX_UNANSWERED_IN_A_ROW} not answered"):
            reconcile(yesterday())

        assert Payment.objects.unfinished().count() == len(payments)
        standin.clear_faults()
        assert reconcile(yesterday()).settled == len(payments)

    def test_a_stripe_out_of_reach_is_not_asked_about_everything(self, settings, standin, order, payment):
        for _ in range(MAX_UNREACHABLE):
            begin_payment(make_order())
        settings.STRIPE_API_BASE = "http://127.0.0.1:1"

        with pytest.raises(gateway.PaymentUnavailable, match=f"{MAX_UNREACHABLE} not answered"):
            reconcile(yesterday())


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
