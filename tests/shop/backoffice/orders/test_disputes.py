"""What staff see of disputes and fraud warnings, and the button that lets an order go."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone

from shop.cases.actions import open_case
from shop.cases.models import Case, CaseKind, CaseState
from shop.orders.holds import place_hold
from shop.orders.models import HoldKind, Order, OrderStatus
from shop.payments.models import Dispute, DisputeState
from tests.factories.shop import make_payment

pytestmark = pytest.mark.django_db


def screen(client, order: Order) -> str:
    return client.get(reverse("orders:inspect", args=[order.pk])).content.decode()


@pytest.fixture
def disputed(paid_order) -> Dispute:
    """Open a dispute about the order's payment, with five days left."""
    payment = make_payment(paid_order)
    dispute = Dispute.objects.create(
        provider_id="dp_1",
        payment=payment,
        amount=9900,
        currency="USD",
        state=DisputeState.NEEDS_RESPONSE,
        reason="product_not_received",
        due_at=timezone.now() + timedelta(days=5, hours=2),
        is_withdrawn=True,
        opened_at=timezone.now(),
    )
    place_hold(paid_order, HoldKind.DISPUTE, occasion=dispute.occasion)
    return dispute


@pytest.fixture
def warned(paid_order):
    """Place the hold of a fraud warning on the order."""
    open_case(CaseKind.FRAUD_WARNING, reference=paid_order.reference, occasion="issfr_1", reason="A warning")
    return place_hold(paid_order, HoldKind.FRAUD_WARNING, occasion="issfr_1")


def release(client, hold, reason: str = "Rang the buyer, all is well"):
    address = reverse("orders:release", args=[hold.order_id, hold.pk])
    return client.post(address, {"reason": reason}, follow=True)


def test_a_dispute_shows_amount_reason_deadline_and_where_to_answer(staff, paid_order, disputed):
    page = screen(staff, paid_order)

    for words in (
        "This order must not leave",
        "$99",
        "nothing was received",
        "5 days left",
        "taken back by the bank",
        "https://dashboard.stripe.com/test/disputes",
    ):
        assert words in page
    assert "Dispatch and tell the customer" not in page
    assert "let it go" not in page


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=1, hours=1), "1 day left"),
        (timedelta(hours=5), "less than a day left"),
        (-timedelta(hours=5), "the time is over"),
    ],
)
def test_the_deadline_is_said_in_words(staff, paid_order, disputed, left, words):
    Dispute.objects.update(due_at=timezone.now() + left)

    assert words in screen(staff, paid_order)


def test_a_decided_dispute_shows_no_deadline_and_a_lost_one_says_why_the_order_stays(
    staff, paid_order, disputed
):
    Dispute.objects.update(state=DisputeState.LOST)

    page = screen(staff, paid_order)

    assert "days left" not in page
    assert "The dispute was lost and the money is gone" in page


def test_an_order_without_either_shows_the_form_and_no_panel(staff, paid_order):
    page = screen(staff, paid_order)

    assert "Dispatch and tell the customer" in page
    assert "This order must not leave" not in page
    assert 'id="disputes"' not in page


def test_a_held_order_that_is_dispatched_by_hand_made_request_stays(staff, paid_order, warned):
    answer = staff.post(
        reverse("orders:dispatch", args=[paid_order.pk]),
        {"carrier": "DHL", "tracking_number": "1"},
        follow=True,
    )

    paid_order.refresh_from_db()
    assert paid_order.status == OrderStatus.PAID
    assert "must not be dispatched" in answer.content.decode()


def test_staff_let_a_warned_order_go_with_a_reason_and_their_name(staff, paid_order, warned):
    assert "let it go" in screen(staff, paid_order)

    page = release(staff, warned).content.decode()

    entry, case = paid_order.timeline.get(kind="released_by_staff"), Case.objects.get()
    assert (entry.user.username, entry.actor) == ("staff", "staff")
    assert paid_order.notes.get().text == "Rang the buyer, all is well"
    assert (case.state, case.closed_by.username) == (CaseState.CLOSED, "staff")
    assert not paid_order.holds.standing().exists()
    assert "Dispatch and tell the customer" in page


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001])
def test_nothing_is_let_go_without_a_reason(staff, paid_order, warned, reason):
    page = release(staff, warned, reason).content.decode()

    assert "why the order may leave" in page
    assert paid_order.holds.standing().exists()
    assert not paid_order.notes.exists()


def test_a_second_click_says_so_and_writes_nothing(staff, paid_order, warned):
    release(staff, warned)

    page = release(staff, warned).content.decode()

    assert "It was released before" in page
    assert paid_order.notes.count() == 1


@pytest.mark.parametrize("state", [DisputeState.NEEDS_RESPONSE, DisputeState.LOST])
def test_nobody_lets_an_order_go_whose_money_the_bank_has(staff, paid_order, disputed, state):
    Dispute.objects.update(state=state)

    page = release(staff, paid_order.holds.get()).content.decode()

    assert "nobody can release it here" in page
    assert paid_order.holds.standing().exists()


def test_a_dispute_that_ended_undecided_is_let_go_by_a_person(staff, paid_order, disputed):
    Dispute.objects.update(state=DisputeState.PREVENTED)

    release(staff, paid_order.holds.get())

    assert not paid_order.holds.standing().exists()


def test_whoever_may_not_change_disputes_gets_no_button_and_is_refused(staff, paid_order, warned):
    Group.objects.get(name="Staff").permissions.remove(Permission.objects.get(codename="change_dispute"))

    page = screen(staff, paid_order)
    release(staff, warned)

    assert "This order must not leave" in page
    assert "let it go" not in page
    assert paid_order.holds.standing().exists()


def test_whoever_may_not_see_disputes_sees_only_that_the_order_stays(staff, paid_order, disputed):
    Group.objects.get(name="Staff").permissions.remove(Permission.objects.get(codename="view_dispute"))

    page = screen(staff, paid_order)

    assert "This order must not leave" in page
    assert "nothing was received" not in page


@pytest.mark.parametrize("group", ["Editors", "Clinical reviewers"])
def test_other_groups_let_nothing_go(client, person_of, paid_order, warned, group):
    client.force_login(person_of(group))

    client.post(reverse("orders:release", args=[paid_order.pk, warned.pk]), {"reason": "Please"})

    assert paid_order.holds.standing().exists()


def test_a_link_lets_nothing_go(staff, paid_order, warned):
    assert staff.get(reverse("orders:release", args=[paid_order.pk, warned.pk])).status_code == 405


def test_a_hold_of_another_order_is_not_found(staff, paid_order, warned):
    address = reverse("orders:release", args=[paid_order.pk + 1, warned.pk])

    assert staff.post(address, {"reason": "Please"}).status_code == 404
    assert paid_order.holds.standing().exists()
