"""The reconciler finds the disputes and fraud warnings whose webhooks never came."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shop.cases.models import Case, CaseKind
from shop.orders.models import HoldKind
from shop.orders.timeline import TimelineKind
from shop.payments import gateway
from shop.payments.models import Cause, Dispute, Payment
from shop.payments.reconciling import reconcile
from shop.payments.settling.disputes import settle_dispute
from tests.shop.payments.refunding import books, give_status, kept, standing, yesterday

pytestmark = pytest.mark.django_db


def test_a_dispute_and_its_decision_whose_webhooks_never_came_are_found(standin, order, paid):
    dispute = standin.dispute(paid.session_id)
    reconcile(yesterday())
    assert standing(order) == [HoldKind.DISPUTE]
    assert order.timeline.get(kind=TimelineKind.DISPUTE_OPENED).data["cause"] == "reconciler"

    standin.close_dispute(dispute["id"], won=True)
    reconcile(yesterday())
    assert standing(order) == []


def test_a_decision_is_found_long_after_the_dispute_was_opened(standin, order, paid, disputed):
    standin.close_dispute(disputed["id"], won=False)

    reconcile(timezone.now() + timedelta(days=1))

    assert Dispute.objects.get().state == "lost"


def test_money_that_comes_back_after_a_dispute_was_won_is_found(standin, order, paid, disputed):
    standin.close_dispute(disputed["id"], won=True)
    taken = {"id": "txn_1", "object": "balance_transaction", "amount": -9900}
    given_back = {**taken, "id": "txn_2", "amount": 9900}
    give_status(standin, disputed, "won", balance_transactions=[taken])
    settle_dispute(disputed["id"], Cause.WEBHOOK)
    assert kept(order) == 0
    give_status(standin, disputed, "won", balance_transactions=[taken, given_back])

    reconcile(timezone.now() + timedelta(days=1))

    assert kept(order) == books(standin) == 9900


def test_a_warning_about_an_unknown_payment_is_a_case_that_ends_when_it_is_found(standin, order, paid):
    standin.warn_of_fraud(paid.session_id)
    Payment.objects.update(payment_intent_id="pi_hidden")
    for _run in range(2):
        reconcile(yesterday())
    assert Case.objects.get().kind == CaseKind.UNKNOWN_PAYMENT

    Payment.objects.update(payment_intent_id=paid.payment_intent_id)
    reconcile(yesterday())

    assert Case.objects.unsolved().get().kind == CaseKind.FRAUD_WARNING
    assert standing(order) == [HoldKind.FRAUD_WARNING]


def test_a_warning_whose_webhook_never_came_is_found_and_a_released_one_stays_released(standin, order, paid):
    standin.warn_of_fraud(paid.session_id)
    reconcile(yesterday())
    assert standing(order) == [HoldKind.FRAUD_WARNING]

    order.holds.update(released_at=timezone.now())
    reconcile(yesterday())
    assert standing(order) == []


def test_every_page_of_stripes_list_is_read(standin, order, paid, monkeypatch):
    monkeypatch.setattr("shop.payments.gateway.client.PAGE_SIZE", 1)
    told = [standin.dispute(paid.session_id)["id"]]
    with standin.store.transaction():
        for number in range(3):
            copy = {**standin.store.find("dispute", told[0]), "id": f"dp_copy{number}"}
            told.append(standin.store.add(copy)["id"])

    assert {dispute.id for dispute in gateway.list_disputes(yesterday())} == set(told)


def test_a_second_run_asks_about_no_decided_dispute(standin, order, paid, disputed):
    standin.close_dispute(disputed["id"], won=True)
    reconcile(yesterday())
    standin.fault("server_error", match="GET /v1/disputes/*", count=9)

    assert reconcile(yesterday()).unclear == 0
