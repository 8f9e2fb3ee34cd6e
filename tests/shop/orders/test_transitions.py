import pytest
from django.contrib.auth import get_user_model

from shop.mail.models import MailState, OutboxMail
from shop.orders import mails, transitions
from shop.orders.models import Actor, Kit, Order, OrderStatus
from shop.orders.timeline import TimelineKind, sentence
from shop.orders.transitions import TRANSITIONS, Action, TransitionRefused
from tests.factories.shop import make_order, make_site_settings

pytestmark = pytest.mark.django_db

PARCEL = {"carrier": "UPS", "tracking_number": "1Z999"}


@pytest.fixture
def staff_user():
    return get_user_model().objects.create_user("staff-1", email="staff@checkup.example")


def in_status(status: OrderStatus) -> Order:
    """Make an order that stands there; the way there is not what is tested."""
    make_site_settings()
    order = make_order()
    Order.objects.filter(pk=order.pk).update(status=status)
    return order


def kinds_of_mails(order: Order) -> list[str]:
    return sorted(OutboxMail.objects.filter(reference=order.reference).values_list("kind", flat=True))


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("status", OrderStatus)
def test_the_table_decides_each_action_in_each_status(action, status):
    order = in_status(status)
    if action in {Action.ACCEPT_FREE, Action.CANCEL_FREE}:
        Order.objects.filter(pk=order.pk).update(total_amount=0)
    entries_before, mails_before = order.timeline.count(), kinds_of_mails(order)
    transition = TRANSITIONS[action]

    if status in transition.sources:
        assert transitions.apply(order.pk, action, actor=Actor.STAFF, data=PARCEL).status == transition.target
        assert order.timeline.last().kind == transition.kind
    else:
        with pytest.raises(TransitionRefused, match=f"Order {order.code} is “{status.label}”"):
            transitions.apply(order.pk, action, actor=Actor.STAFF, data=PARCEL)
        assert (order.timeline.count(), kinds_of_mails(order)) == (entries_before, mails_before)
        order.refresh_from_db()
        assert order.status == status


def test_only_a_paid_order_can_be_dispatched():
    assert TRANSITIONS[Action.DISPATCH].sources == {OrderStatus.PAID}


def test_a_paid_order_cannot_be_cancelled_as_unpaid():
    assert TRANSITIONS[Action.CANCEL].sources == {OrderStatus.AWAITING_PAYMENT}


def test_what_asks_for_the_payment_does_not_leave_any_more_once_the_money_is_here():
    order, other = in_status(OrderStatus.AWAITING_PAYMENT), make_order()
    states = [MailState.QUEUED, MailState.SENDING, MailState.SENT, MailState.REFUSED]
    for attempt, state in enumerate(states):
        mail = mails.payment_retry(order, attempt=attempt, has_failed=True)
        OutboxMail.objects.filter(pk=mail.pk).update(state=state)
    mails.payment_retry(other, attempt=9, has_failed=True)

    transitions.apply(order.pk, Action.PAY, actor=Actor.STRIPE)

    asking = OutboxMail.objects.filter(kind="payment_retry").order_by("pk")
    assert [mail.state for mail in asking] == [
        MailState.CANCELLED, MailState.CANCELLED, MailState.SENT, MailState.REFUSED, MailState.QUEUED,
    ]  # fmt: skip
    waiting = OutboxMail.objects.filter(reference=order.reference).waiting()
    assert {mail.kind for mail in waiting} == {"order_received", "order_paid", "new_order"}


def test_payment_is_dated_and_told_to_customer_and_staff():
    order = in_status(OrderStatus.AWAITING_PAYMENT)

    paid = transitions.apply(order.pk, Action.PAY, actor=Actor.STRIPE)

    assert paid.paid_at is not None
    assert kinds_of_mails(order) == ["new_order", "order_paid", "order_received"]
    to_staff = OutboxMail.objects.get(reference=order.reference, kind="new_order")
    assert to_staff.recipient == "orders@checkup.example"
    assert f"/admin/orders/inspect/{order.pk}/" in to_staff.text_body


def test_without_a_staff_address_nobody_is_told_and_the_payment_stands():
    make_site_settings(staff_email="")
    order = make_order()

    transitions.apply(order.pk, Action.PAY, actor=Actor.STRIPE)

    assert kinds_of_mails(order) == ["order_paid", "order_received"]


def test_dispatch_makes_a_shipment_of_all_kits_and_tells_the_customer(staff_user):
    order = make_order(quantity=2)
    transitions.apply(order.pk, Action.PAY, actor=Actor.STRIPE)

    dispatched = transitions.dispatch(order.pk, " UPS ", "1Z999", user=staff_user)

    shipment = dispatched.shipments.get()
    assert (shipment.carrier, shipment.tracking_number, shipment.dispatched_by) == (
        "UPS",
        "1Z999",
        staff_user,
    )
    assert Kit.objects.filter(line__order=order, shipment=shipment).count() == 2
    mail = OutboxMail.objects.get(reference=order.reference, kind="order_dispatched")
    assert "1Z999" in mail.text_body
    assert order.lines.get().name not in mail.subject + mail.text_body
    entry = order.timeline.last()
    assert (entry.user, entry.kind) == (staff_user, TimelineKind.DISPATCHED)
    assert "1Z999" in sentence(entry)


def test_a_second_dispatch_sends_no_second_mail(staff_user):
    order = in_status(OrderStatus.PAID)
    transitions.dispatch(order.pk, "UPS", "1Z999", user=staff_user)

    with pytest.raises(TransitionRefused):
        transitions.dispatch(order.pk, "UPS", "1Z999", user=staff_user)

    assert order.shipments.count() == 1
    assert kinds_of_mails(order).count("order_dispatched") == 1


@pytest.mark.parametrize(("carrier", "number"), [("", "1Z999"), ("UPS", "  ")])
def test_a_parcel_without_carrier_or_number_changes_nothing(staff_user, carrier, number):
    order = in_status(OrderStatus.PAID)

    with pytest.raises(TransitionRefused, match="carrier"):
        transitions.dispatch(order.pk, carrier, number, user=staff_user)

    order.refresh_from_db()
    assert (order.status, order.shipments.count()) == (OrderStatus.PAID, 0)
    assert order.timeline.last().kind == TimelineKind.PLACED


def test_an_unknown_order_is_an_error_of_its_own():
    with pytest.raises(Order.DoesNotExist):
        transitions.apply(0, Action.PAY, actor=Actor.STRIPE)
