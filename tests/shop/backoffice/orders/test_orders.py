import re

import pytest
from django.urls import reverse

from cms.users.models import User
from shop.mail.models import OutboxMail
from shop.orders.models import Order, OrderStatus
from shop.orders.placing import LineRequest, place_order
from tests.factories.shop import make_details, make_order, make_package, make_person

pytestmark = pytest.mark.django_db

LIST = "/admin/orders/"


def codes_in(response) -> set[str]:
    return {order.code for order in response.context["object_list"]}


def screen(order: Order) -> str:
    return reverse("orders:inspect", args=[order.pk])


def dispatch(client, order: Order, **changes):
    data = {"carrier": "DHL", "tracking_number": "JD0146", **changes}
    return client.post(reverse("orders:dispatch", args=[order.pk]), data, follow=True)


class TestList:
    def test_it_shows_code_buyer_status_package_and_total(self, staff, paid_order):
        page = staff.get(LIST).content.decode()

        for shown in (paid_order.code, "Ada Buyer", "Paid", f"1 × {paid_order.lines.get().sku}", "$99"):
            assert shown in page

    @pytest.mark.parametrize("words", ["ADA@example", "buyer", "code"])
    def test_it_finds_by_code_name_and_email(self, staff, paid_order, words):
        make_order()
        words = paid_order.code.lower() if words == "code" else words

        assert codes_in(staff.get(LIST, {"q": words})) == {paid_order.code}

    def test_it_filters_by_status(self, staff, paid_order):
        unpaid = make_order()

        assert codes_in(staff.get(LIST, {"status": "awaiting_payment"})) == {unpaid.code}

    def test_it_filters_by_package(self, staff, paid_order):
        package = make_package()
        wanted = make_order(package=package)

        assert codes_in(staff.get(LIST, {"package": package.pk})) == {wanted.code}

    def test_it_filters_by_day(self, staff, paid_order):
        assert codes_in(staff.get(LIST, {"created_at_from": "2000-01-01"})) == {paid_order.code}
        assert codes_in(staff.get(LIST, {"created_at_to": "2000-01-01"})) == set()

    def test_fifty_orders_cost_as_many_queries_as_one(self, staff, paid_order, django_assert_max_num_queries):
        # All queries of the request: session, user, groups, filters, count, orders, lines.
        staff.get(LIST)
        with django_assert_max_num_queries(12):
            staff.get(LIST)
        package = make_package()
        for _ in range(50):
            make_order(package=package)
        with django_assert_max_num_queries(12):
            assert len(staff.get(LIST).context["object_list"]) == 50


READ = ["dispatch", "lines", "kits", "buyer", "payments", "timeline"]


class TestScreen:
    def test_it_shows_all_of_an_order(self, staff, paid_order):
        page = staff.get(screen(paid_order)).content.decode()

        line, person = paid_order.lines.get(), paid_order.people.get()
        for shown in (
            line.name, person.name, "2 Apr 1985", "Female", "1 Example Street", "ada@example.org",
            "$99 was paid.", "Payment received for order",
        ):  # fmt: skip
            assert shown in page

    def test_a_phone_reads_what_to_do_what_it_is_about_where_it_goes_and_then_money_and_history(
        self, staff, paid_order
    ):
        """Without room for columns the parts stand as they are written."""
        page = staff.get(screen(paid_order)).content.decode()

        panels = [
            found for found in re.findall(r'<section[^>]* id="([a-z]+)-section"', page) if found in READ
        ]
        assert panels == READ

    def test_it_says_who_takes_which_check(self, staff, db):
        women, men = make_package(name="Women’s check"), make_package(name="Men’s check")
        people = [
            make_person(name="Ann", package_ids={women.pk}),
            make_person(name="Bo", package_ids={men.pk}),
        ]
        order = place_order(make_details(people=people), [LineRequest(women, 1), LineRequest(men, 1)])

        rows = staff.get(screen(order)).content.decode().partition('id="kits')[2].split("<tr>")

        assert [[name in row for name in ("Ann", women.name, "Bo", men.name)] for row in rows[2:4]] == [
            [True, True, False, False],
            [False, False, True, True],
        ]

    def test_its_queries_do_not_grow_with_what_happened(
        self, staff, paid_order, django_assert_max_num_queries
    ):
        # All queries of the request: session, user, groups, the order and one for each kind of row.
        staff.get(screen(paid_order))
        with django_assert_max_num_queries(28):
            staff.get(screen(paid_order))
        for entry in list(paid_order.timeline.all()) * 10:
            entry.pk = None
            entry.save()
        with django_assert_max_num_queries(28):
            staff.get(screen(paid_order))

    def test_an_unknown_order_is_not_found(self, staff):
        assert staff.get("/admin/orders/inspect/4711/").status_code == 404


class TestDispatch:
    def test_it_tells_the_customer_and_shows_the_parcel(self, staff, paid_order):
        page = dispatch(staff, paid_order).content.decode()

        paid_order.refresh_from_db()
        assert paid_order.status == OrderStatus.DISPATCHED
        assert "JD0146" in page
        mail = OutboxMail.objects.get(kind="order_dispatched")
        assert (mail.recipient, "JD0146" in mail.text_body) == ("ada@example.org", True)
        assert paid_order.timeline.get(kind="dispatched").user.username == "staff"

    def test_a_missing_tracking_number_is_said_beside_the_field_and_nothing_is_lost(self, staff, paid_order):
        response = dispatch(staff, paid_order, carrier="A rare carrier", tracking_number=" ")

        paid_order.refresh_from_db()
        assert paid_order.status == OrderStatus.PAID
        assert response.status_code == 422
        assert "This field is required" in response.content.decode()
        assert "A rare carrier" in response.content.decode()
        assert not OutboxMail.objects.filter(kind="order_dispatched").exists()

    def test_a_second_dispatch_is_refused_in_words(self, staff, paid_order):
        dispatch(staff, paid_order)

        page = dispatch(staff, paid_order, tracking_number="OTHER").content.decode()

        assert "cannot become" in page
        assert paid_order.shipments.count() == 1
        assert OutboxMail.objects.filter(kind="order_dispatched").count() == 1

    def test_an_unpaid_order_cannot_be_dispatched(self, staff):
        order = make_order()

        assert "Dispatch and tell" not in staff.get(screen(order)).content.decode()
        dispatch(staff, order)

        order.refresh_from_db()
        assert order.status == OrderStatus.AWAITING_PAYMENT


class TestCancel:
    def cancel(self, client, order):
        return client.post(reverse("orders:cancel", args=[order.pk]), follow=True)

    def test_an_unpaid_order_ends(self, staff):
        order = make_order()
        assert "Cancel this order" in staff.get(screen(order)).content.decode()

        page = self.cancel(staff, order).content.decode()

        order.refresh_from_db()
        assert order.status == OrderStatus.CANCELLED
        assert "is cancelled" in page

    def test_a_paid_order_stays(self, staff, paid_order):
        assert "Cancel this order" not in staff.get(screen(paid_order)).content.decode()

        page = self.cancel(staff, paid_order).content.decode()

        paid_order.refresh_from_db()
        assert paid_order.status == OrderStatus.PAID
        assert "was not cancelled" in page

    def test_it_is_asked_before_on_a_page_of_its_own(self, staff):
        order = make_order(buyer_name="Ada Buyer")
        address = reverse("orders:cancel", args=[order.pk])
        assert f'href="{address}"' in staff.get(screen(order)).content.decode()

        page = staff.get(address).content.decode()

        for shown in ("Yes, cancel this order", "No, keep it", order.code, "Ada Buyer", "$99"):
            assert shown in page
        order.refresh_from_db()
        assert order.status == OrderStatus.AWAITING_PAYMENT

    def test_nothing_is_asked_about_an_order_that_cannot_be_cancelled(self, staff, paid_order):
        page = staff.get(reverse("orders:cancel", args=[paid_order.pk]), follow=True).content.decode()

        assert "Only an order that awaits its payment, or cost nothing and has not left" in page
        assert "Yes, cancel this order" not in page


class TestNames:
    """Colleagues know each other by name."""

    def test_a_note_a_parcel_and_the_timeline_say_who_it_was(self, staff, paid_order):
        User.objects.update(first_name="Stella", last_name="Packer")
        staff.post(reverse("orders:note", args=[paid_order.pk]), {"text": "Rang twice"})
        dispatch(staff, paid_order)

        page = staff.get(screen(paid_order)).content.decode()

        assert len(re.findall(r"(?:·|,) Stella Packer</span>", page)) == 3

    def test_it_stays_readable_when_somebody_has_left(self, staff, paid_order, admin_client):
        staff.post(reverse("orders:note", args=[paid_order.pk]), {"text": "Rang twice"})
        dispatch(staff, paid_order)
        User.objects.get(username="staff").delete()

        page = admin_client.get(screen(paid_order)).content.decode()

        assert len(re.findall(r"· Staff</span>", page)) == 2  # the note, the timeline
