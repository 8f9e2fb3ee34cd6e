"""What staff see of an order's money, and the form that gives it back."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import timezone

from cms.users.models import User
from shop.backoffice.cases.actions import actions_for
from shop.backoffice.cases.related_objects import related_object
from shop.cases.actions import close, open_case
from shop.cases.models import CaseKind
from shop.mail.models import OutboxMail
from shop.orders.models import Order
from shop.payments.models import Dispute, DisputeState, Payment, Refund, RefundState
from shop.payments.settling.sessions import settle_session
from tests.factories.shop import make_order, make_site_settings
from tests.shop.payments.conftest import begin_payment, standin

__all__ = ["standin"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(standin) -> Order:
    """Two kits for 99 dollars each, paid."""
    make_site_settings()
    order = make_order(quantity=2)
    pay(standin, begin_payment(order))
    order.refresh_from_db()
    return order


def pay(standin, payment: Payment) -> Payment:
    standin.pay(payment.session_id)
    settle_session(payment.session_id, "webhook")
    payment.refresh_from_db()
    return payment


def screen(client, order: Order) -> str:
    return client.get(reverse("orders:inspect", args=[order.pk])).content.decode()


def send(client, order: Order, **data):
    """Send the form with these values, over those of a valid one, and return the page."""
    values = {"kind": "amount", "reason": "Rang and asked", "key": uuid4(), **data}
    return client.post(reverse("orders:refund", args=[order.pk]), values, follow=True)


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_an_amount_is_asked_for_confirmed_and_returned(staff, standin, order):
    page = send(staff, order, amount="50.00", confirmed="")
    assert "Yes, give back $50" in words(page)
    assert not Refund.objects.exists()

    page = send(staff, order, amount="50.00", confirmed="5000")

    refund = Refund.objects.get()
    assert (refund.amount, refund.state, refund.asked_by.username) == (5000, "succeeded", "staff")
    assert "$50 was returned." in words(page)
    for shown in ("Ledger", "Rang and asked", "-$50", "$148", refund.provider_id):
        assert shown in page.content.decode()


def test_what_is_confirmed_keeps_every_field(staff, order):
    line = order.lines.get()
    second = line.kits.get(person__position=2)
    page = send(staff, order, kind="kits", kits=[second.pk]).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page))

    staff.post(reverse("orders:refund", args=[order.pk]), hidden)

    refund = Refund.objects.get()
    assert (refund.amount, refund.reason) == (9900, "Rang and asked")
    assert [(part.line, part.quantity, part.amount) for part in refund.lines.all()] == [(line, 1, 9900)]
    assert [*refund.lines.get().kits.all()] == [second]


def test_somebody_may_change_it_before_confirming(staff, order):
    page = send(staff, order, amount="50.00", confirmed="5000", change="1").content.decode()

    assert not Refund.objects.exists()
    assert 'value="50.00"' in page
    assert "Rang and asked" in page


def test_all_that_is_left_is_asked_again_when_it_is_less_meanwhile(staff, order):
    send(staff, order, amount="50.00", confirmed="5000")

    page = send(staff, order, kind="full", confirmed="19800")

    assert "Yes, give back $148" in words(page)
    assert Refund.objects.count() == 1


@pytest.mark.parametrize("values", [{"kind": "full"}, {"amount": "198.00"}])
def test_what_leaves_nothing_names_the_kits_that_are_not_sent_any_more(staff, order, values):
    names = [f"{kit.line.name} – {kit.person.name}" for kit in order.lines.get().kits.all()]
    stopped = "Nothing of what was paid remains then, so none of these kits is sent any more:"

    page = words(send(staff, order, confirmed="", **values))
    assert f"{stopped} {names[0]} {names[1]} Yes, give back $198" in page

    assert stopped not in words(send(staff, order, amount="197.99", confirmed=""))


def test_a_kit_that_was_named_stands_once_where_the_last_money_goes_back(staff, order):
    first, second = order.lines.get().kits.all()
    send(staff, order, amount="99.00", confirmed="9900")

    page = words(send(staff, order, kind="kits", kits=[first.pk], confirmed=""))

    assert page.count(first.person.name) == 1
    assert f"is sent any more: {second.line.name} – {second.person.name} Yes" in page


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"amount": "198.01"}, "At most $198 is left."),
        ({"amount": "0"}, "Please say how much."),
        ({"amount": ""}, "Please say how much."),
        ({"amount": "some"}, "Enter a number."),
        ({"kind": "kits"}, "Please choose."),
        ({"kind": "kits", "kits": ["0"]}, "goes back already"),
        ({"kind": "", "amount": "1"}, "This field is required."),
        ({"amount": "1", "reason": " "}, "This field is required."),
    ],
)
def test_a_mistake_is_named_beside_its_field_and_loses_nothing(staff, order, values, error):
    response = send(staff, order, confirmed="19801", **values)

    assert response.status_code == 422
    assert error in words(response)
    assert values.get("reason", "Rang and asked") in response.content.decode()
    assert not Refund.objects.exists()


@pytest.mark.parametrize("name", ["kits", "amount"])
def test_the_form_hides_the_field_that_only_another_way_needs(staff, order, name):
    page = staff.get(reverse("orders:refund", args=[order.pk])).content.decode()
    assert re.search(rf'<form class="[^"]*refund-form.*refund-field--{name}".*name="{name}"', page, re.DOTALL)
    assert f'name="kind" value="{name}"' in page

    path = finders.find("backoffice/backoffice.css")
    assert path
    selectors, _brace, rule = Path(path).read_text().partition(f" .refund-field--{name}")
    assert selectors.endswith(f'.refund-form:not(:has([name="kind"][value="{name}"]:checked))')
    assert "display: none" in rule.partition("}")[0]


def test_a_refunded_kit_is_named_on_the_screen_and_left_out_of_the_parcel(staff, order):
    first, second = order.lines.get().kits.all()
    send(staff, order, kind="kits", kits=[second.pk], confirmed="9900")

    page = words(staff.get(reverse("orders:inspect", args=[order.pk])))
    assert "1 kit goes into the parcel: T" in page
    assert "Not in it, because the money goes back:" in page
    assert re.search(
        r"Person 2 2 Apr 1985 · Female Test package \d+ T\d+ Not to be sent: its money goes back", page
    )
    form = staff.get(reverse("orders:refund", args=[order.pk])).context["form"]
    assert [pk for pk, _words in form.fields["kits"].choices] == [first.pk]
    assert f"1 of 2 × {first.line.sku}" in words(staff.get(reverse("orders:index")))

    staff.post(reverse("orders:dispatch", args=[order.pk]), {"carrier": "DHL", "tracking_number": "JD1"})

    assert [*order.shipments.get().kits.all()] == [first]
    mail = OutboxMail.objects.get(kind="order_dispatched").text_body
    assert "1 kit of your order is not in it, because its money goes back to you." in mail


def test_money_that_names_no_kit_is_said_where_the_parcel_is_packed(staff, order):
    send(staff, order, amount="50.00", confirmed="5000")

    page = words(staff.get(reverse("orders:inspect", args=[order.pk])))
    assert "2 kits go into the parcel" in page
    assert "$50 went back without naming a kit" in page


def test_a_second_click_gives_back_once_and_sees_what_the_first_did(staff, standin, order):
    key = uuid4()
    pages = [send(staff, order, amount="150.00", confirmed="15000", key=key) for _click in range(2)]

    assert Refund.objects.count() == 1
    assert standin.books()["totals"]["usd"]["net"] == 4800
    assert "$150 was returned." in words(pages[1])


def test_stripe_out_of_reach_is_said_and_the_form_is_not_repeated(staff, standin, order):
    standin.fault("rate_limit", match="POST /v1/refunds", count=9)

    page = send(staff, order, amount="50.00", confirmed="5000")

    assert "is asked for again by itself" in words(page)
    assert Refund.objects.get().state == RefundState.REQUESTED


def test_a_dispute_warns_and_needs_a_tick(staff, order):
    Dispute.objects.create(
        provider_id="dp_1",
        payment=order.payments.get(),
        amount=9900,
        currency="USD",
        state=DisputeState.WARNING_NEEDS_RESPONSE,
        is_refundable=True,
        opened_at=timezone.now(),
    )
    assert "a dispute is open about this payment" in words(
        staff.get(reverse("orders:refund", args=[order.pk]))
    )

    assert send(staff, order, amount="50.00", confirmed="5000").status_code == 422
    assert not Refund.objects.exists()

    send(staff, order, amount="50.00", confirmed="5000", accepts_dispute="on")
    assert Refund.objects.get().state == RefundState.SUCCEEDED


@pytest.mark.parametrize(
    ("state", "words_for"),
    [(DisputeState.NEEDS_RESPONSE, "Dispute not decided"), (DisputeState.LOST, "Dispute lost")],
)
def test_what_a_bank_took_reads_as_the_banks_and_not_as_the_payers(staff, order, state, words_for):
    Dispute.objects.create(
        provider_id="dp_1",
        payment=order.payments.get(),
        amount=9900,
        currency="USD",
        state=state,
        is_withdrawn=True,
        opened_at=timezone.now(),
    )
    page = words(staff.get(reverse("orders:inspect", args=[order.pk])))

    assert "Taken by the bank" in page
    assert words_for in page
    assert "Withdrawn" not in page


def test_nothing_left_is_said_instead_of_a_form(staff, order):
    send(staff, order, kind="full", confirmed="19800")

    assert "Nothing is left" in words(staff.get(reverse("orders:refund", args=[order.pk])))
    page = screen(staff, order)
    assert "Give money back" not in page
    assert "Dispatch and tell the customer" not in page
    assert "All of the money was given back" in page


class TestReturn:
    @pytest.fixture
    def second(self, standin, order) -> Payment:
        """Paid once more."""
        payment = Payment.objects.create(
            order=order,
            idempotency_key=uuid4(),
            amount=19800,
            currency="USD",
            expires_at=timezone.now() + timedelta(hours=1),
        )
        Order.objects.filter(pk=order.pk).update(status="awaiting_payment")
        payment = begin_payment(Order.objects.get(pk=order.pk))
        Order.objects.filter(pk=order.pk).update(status="paid")
        return pay(standin, payment)

    def give_back(self, client, payment: Payment):
        address = reverse("orders:return_payment", args=[payment.order_id, payment.pk])
        return client.post(address, follow=True)

    def test_one_button_returns_all_of_it(self, staff, standin, order, second):
        assert "Return the money: $198" in screen(staff, order)

        question = words(staff.get(reverse("orders:return_payment", args=[order.pk, second.pk])))
        assert "$198 that nobody ordered anything for go back" in question
        assert not Refund.objects.exists()

        page = self.give_back(staff, second)

        assert "$198 was returned." in words(page)
        assert "Return the money" not in words(page)
        assert (Refund.objects.get().payment, Refund.objects.get().amount) == (second, 19800)

    def test_it_takes_no_payment_that_the_order_needs(self, staff, order, second):
        first = order.payments.exclude(pk=second.pk).get()

        asked = staff.get(reverse("orders:return_payment", args=[order.pk, first.pk]), follow=True)
        page = self.give_back(staff, first)

        assert "belongs to the order" in words(asked)
        assert "belongs to the order" in words(page)
        assert not Refund.objects.exists()


class TestPermissions:
    @pytest.fixture
    def looker(self, client, person_of):
        """Somebody who may see orders and refunds, and not give back."""
        user = person_of("Editors")
        names = ["view_order", "view_refund"]
        user.user_permissions.set(Permission.objects.filter(codename__in=names))
        client.force_login(user)
        return client

    def test_who_may_only_look_sees_no_button_and_gives_nothing_back(self, looker, order):
        page = screen(looker, order)
        assert "Ledger" in page
        assert "Give money back" not in page

        send(looker, order, amount="50.00", confirmed="5000")
        looker.post(reverse("orders:return_payment", args=[order.pk, order.payments.get().pk]))
        assert not Refund.objects.exists()

    def test_who_may_not_see_refunds_sees_no_ledger(self, staff, order):
        group = Group.objects.get(name="Staff")
        group.permissions.remove(*Permission.objects.filter(codename__endswith="_refund"))

        assert "Balance: what remains" not in screen(staff, order)


def test_more_refunds_cost_no_more_queries(staff, order, person_of, django_assert_max_num_queries):
    send(staff, order, amount="1.00", confirmed="100")
    screen(staff, order)
    with django_assert_max_num_queries(28):
        screen(staff, order)
    for user in (person_of("Editors"), person_of("Clinical reviewers")) * 5:
        Refund.objects.create(
            payment=order.payments.get(),
            idempotency_key=uuid4(),
            amount=100,
            currency="USD",
            state=RefundState.FAILED,
            origin="staff",
            asked_by=user,
        )
    with django_assert_max_num_queries(28):
        screen(staff, order)


def test_a_case_of_money_to_return_has_the_button_until_it_is_closed(staff, standin, order):
    user = User.objects.get(username="staff")
    payment = order.payments.get()
    case = open_case(
        CaseKind.MONEY_TO_RETURN,
        reference=order.reference,
        occasion=f"payment-{payment.pk}",
        reason="Money arrived that must be returned: $198",
        data={"payment": payment.pk},
    )
    address = reverse("orders:return_payment", args=[order.pk, payment.pk])
    assert address in [action.url for action in actions_for(case, related_object(case), user)]

    close(case.pk, "Returned by hand", user)
    case.refresh_from_db()
    assert address not in [action.url for action in actions_for(case, related_object(case), user)]
