"""A case about what Stripe told of an order is the order's, however the case names it."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from shop.cases import actions
from shop.cases.models import CaseKind
from shop.orders.holds import place_hold, release_hold
from shop.orders.models import HoldKind, Order
from shop.payments.models import Dispute, DisputeState, Refund, WebhookEvent
from shop.privacy.erasure import ErasureRefused, erase_order
from shop.privacy.export import export_order
from tests.shop.privacy.conftest import NAME
from tests.shop.privacy.database_dump import tables_with

pytestmark = pytest.mark.django_db

LONG_NAME = "dp_" + "x" * 80
GONE = {"event": "evt_gone", "kind": "charge.refunded", "object": "ch_gone"}


def of_its_event(order: Order) -> dict:
    return {"reference": f"event:{WebhookEvent.objects.get(kind='checkout.session.completed').pk}"}


def of_an_event_that_retention_took(order: Order) -> dict:
    return {"reference": "event:999999", "data": {**GONE, "object": order.payments.get().session_id}}


def of_its_refund(order: Order) -> dict:
    return {"reference": f"refund:{Refund.objects.get(payment__order=order).provider_id}"}


def of_a_refund_that_only_an_event_knows(order: Order) -> dict:
    about = {"id": "re_unknown", "payment_intent": order.payments.get().payment_intent_id}
    WebhookEvent.objects.create(
        event_id="evt_2", kind="refund.created", object_id="re_unknown", payload={"object": about}
    )
    return {"reference": "refund:re_unknown", "data": {"refund": "re_unknown", "charge": "ch_1"}}


def of_its_dispute(order: Order, **changes) -> dict:
    Dispute.objects.create(
        provider_id=LONG_NAME,
        amount=9900,
        currency="USD",
        state=DisputeState.WON,
        opened_at=timezone.now(),
        **(changes or {"payment": order.payments.get()}),
    )
    return {"reference": f"dispute:{LONG_NAME}"[:60]}


def of_a_dispute_that_came_before_its_payment(order: Order) -> dict:
    return of_its_dispute(order, payment_intent_id=order.payments.get().payment_intent_id)


def of_a_fraud_warning(order: Order) -> dict:
    place_hold(order, HoldKind.FRAUD_WARNING, occasion="issfr_1")
    release_hold(order, HoldKind.FRAUD_WARNING, occasion="issfr_1")
    return {"reference": "warning:issfr_1"}


KINDS = [
    of_its_event,
    of_an_event_that_retention_took,
    of_its_refund,
    of_a_refund_that_only_an_event_knows,
    of_its_dispute,
    of_a_dispute_that_came_before_its_payment,
    of_a_fraud_warning,
]


@pytest.mark.parametrize("about", KINDS)
def test_it_stands_against_erasure_is_handed_out_and_loses_its_words(
    bought, colleague, about: Callable[[Order], dict]
):
    case = actions.open_case(CaseKind.FAILED_EVENT, reason="Not handled", **about(bought))
    with pytest.raises(ErasureRefused, match="a case"):
        erase_order(bought.pk)

    actions.close(case.pk, f"{NAME} rang and it is settled", colleague)
    assert "rang and it is settled" in str(export_order(bought)["cases"])
    erase_order(bought.pk)

    assert tables_with([NAME, "rang and it is settled"]) == {}


def test_a_case_about_another_orders_event_is_left_alone(bought):
    event = WebhookEvent.objects.create(event_id="evt_other", kind="refund.created", object_id="re_other")
    case = actions.open_case(
        CaseKind.FAILED_EVENT, reference=f"event:{event.pk}", reason="Not handled", data=GONE
    )

    erase_order(bought.pk)

    case.refresh_from_db()
    assert case.reason == "Not handled"
