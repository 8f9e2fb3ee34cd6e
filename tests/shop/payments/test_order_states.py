"""An order's state as people read it: the same everywhere, and never "paid" once its money has gone back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.backoffice.dashboard import waiting_for_staff
from shop.backoffice.digest import send_digest
from shop.cases.models import Case, CaseKind
from shop.orders.holds import place_hold
from shop.orders.late_orders import open_late_cases
from shop.orders.models import HoldKind, Order, OrderStatus
from shop.payments.models import Dispute, DisputeState, Refund, RefundState
from shop.payments.order_states import STATUS_OF, ShownState, in_shown_states, shown_state
from shop.privacy.export import export_order
from tests.factories.shop import make_order, make_payment, make_site_settings
from tests.shop.backoffice.conftest import person_of, staff
from tests.shop.checkout.conftest import confirm
from tests.shop.payments.refunding import give_back

__all__ = ["person_of", "staff"]

pytestmark = pytest.mark.django_db

LOST, OPEN, WON = DisputeState.LOST, DisputeState.NEEDS_RESPONSE, DisputeState.WON


def refund(payment, amount: int, state: str = RefundState.SUCCEEDED) -> None:
    Refund.objects.create(
        payment=payment, idempotency_key=uuid4(), amount=amount, currency="USD", state=state, origin="staff"
    )


def dispute(payment, amount: int, state: str, *, currency: str = "USD") -> None:
    Dispute.objects.create(
        provider_id=f"dp_{uuid4().hex}",
        payment=payment,
        amount=amount,
        currency=currency,
        state=state,
        is_withdrawn=state != WON,
        opened_at=timezone.now(),
    )


@pytest.mark.parametrize(
    ("status", "payments", "refunds", "disputes", "hold", "shown"),
    [
        ("awaiting_payment", 0, [], [], "", "awaiting_payment"),
        ("cancelled", 1, [(9900, "succeeded")], [], "", "cancelled"),
        ("paid", 0, [], [], "", "paid"),  # it cost nothing
        ("paid", 1, [], [], "", "paid"),
        ("paid", 1, [(9900, "failed"), (9900, "canceled")], [], "", "paid"),
        ("paid", 2, [(9900, "succeeded")], [], "", "paid"),  # what was paid twice has gone back
        ("paid", 2, [(9900, "succeeded"), (1, "pending")], [], "", "partly_refunded"),
        ("paid", 1, [(1, "requested")], [], "", "partly_refunded"),
        ("paid", 1, [(1, "succeeded")], [], "dispute", "held"),
        ("paid", 1, [], [], "fraud_warning", "held"),
        ("paid", 1, [], [(9900, OPEN, "USD")], "dispute", "held"),
        ("paid", 1, [], [(9900, WON, "USD")], "", "paid"),
        ("paid", 1, [(9900, "succeeded")], [], "refunded", "refunded"),
        ("paid", 1, [(9900, "pending")], [(9900, OPEN, "USD")], "refunded", "refunded"),
        ("paid", 1, [], [(9900, LOST, "USD")], "dispute", "charged_back"),
        ("paid", 1, [(4900, "succeeded")], [(5000, LOST, "USD")], "dispute", "charged_back"),
        ("paid", 1, [], [(5000, LOST, "USD")], "dispute", "held"),
        ("paid", 1, [], [(1, LOST, "EUR")], "dispute", "charged_back"),  # in another currency it is all of it
        ("dispatched", 1, [(9899, "succeeded")], [], "", "dispatched"),
        ("dispatched", 1, [(9900, "succeeded")], [], "", "dispatched_unpaid"),
        ("dispatched", 1, [], [(9900, LOST, "USD")], "dispute", "dispatched_unpaid"),
    ],
)
def test_status_and_money_make_the_state(status, payments, refunds, disputes, hold, shown):
    order = make_order()
    paid = [make_payment(order) for _number in range(payments)]
    for amount, state in refunds:
        refund(paid[-1], amount, state)
    for amount, state, currency in disputes:
        dispute(paid[-1], amount, state, currency=currency)
    if hold:
        place_hold(order, HoldKind(hold), occasion="it")
    Order.objects.filter(pk=order.pk).update(status=status)
    order.refresh_from_db()
    make_order()  # another one changes nothing

    assert shown_state(order) == shown
    for state in ShownState:
        found = in_shown_states(Order.objects.filter(pk=order.pk), [state])
        assert found.count() == (state == shown)


def test_every_state_has_its_status():
    assert set(STATUS_OF) == set(ShownState)
    assert set(STATUS_OF.values()) == set(OrderStatus)


def listed(staff: Client, state: str) -> list[str]:
    page = staff.get(reverse("orders:index"), {"status": state})
    return [order.code for order in page.context["object_list"]]


def to_dispatch() -> int:
    return next(item.count for item in waiting_for_staff() if "to dispatch" in item.text)


def test_an_order_whose_money_went_back_is_called_paid_nowhere(
    standin, order, paid, user, staff, client, settings
):
    make_site_settings()
    unpaid = make_order()
    assert (listed(staff, "paid"), to_dispatch()) == ([order.code], 1)
    give_back(order, user, 900)
    assert (listed(staff, "paid"), to_dispatch()) == ([], 1)
    link = next(item.url for item in waiting_for_staff() if "to dispatch" in item.text)
    assert [each.code for each in staff.get(link).context["object_list"]] == [order.code]
    assert "Partly refunded" in staff.get(link).content.decode()

    give_back(order, user)

    assert {state: listed(staff, state) for state in ("paid", "partly_refunded", "refunded")} == {
        "paid": [],
        "partly_refunded": [],
        "refunded": [order.code],
    }
    assert (staff.get(link).context["object_list"].count(), to_dispatch()) == (0, 0)
    head = staff.get(reverse("orders:inspect", args=[order.pk])).context
    assert (head["state"], head["may_dispatch"]) == ("Refunded", False)
    order.refresh_from_db()
    assert export_order(order)["status"] == ShownState.REFUNDED
    Order.objects.filter(pk=order.pk).update(paid_at=timezone.now() - timedelta(days=60))
    open_late_cases(timezone.now())
    assert not Case.objects.filter(kind=CaseKind.LATE_ORDER).exists()
    assert send_digest(timezone.now()) is None
    visitor = Client()
    assert '<p class="eyebrow">Refunded</p>' in visitor.get(order.get_absolute_url()).content.decode()
    confirm(visitor, order)
    assert '<p class="eyebrow">Refunded</p>' in visitor.get(order.get_absolute_url()).content.decode()
    assert listed(staff, "awaiting_payment") == [unpaid.code]
