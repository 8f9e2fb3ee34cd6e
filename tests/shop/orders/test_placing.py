import secrets
from datetime import date, timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone
from wagtail.models import Page

from shop.catalogue.models import Availability
from shop.mail.models import OutboxMail
from shop.orders import codes, refusals
from shop.orders.models import Consent, Kit, Order, OrderStatus
from shop.orders.placing import LineRequest, place_order
from shop.orders.timeline import TimelineKind
from tests.factories.shop import (
    delete_package,
    make_details,
    make_order,
    make_package,
    make_person,
    make_site,
)

pytestmark = pytest.mark.django_db


def refused(refusal: type[refusals.OrderRefused], details, *lines: LineRequest) -> str:
    """Return the message of the refusal, which must leave nothing behind."""
    with pytest.raises(refusal) as raised:
        place_order(details, lines)
    assert not Order.objects.exists()
    assert not OutboxMail.objects.exists()
    return str(raised.value)


def test_an_order_awaits_payment_with_code_secret_and_total():
    first, second = make_package(price_amount=9900), make_package(price_amount=4950)

    people = [make_person(name="Ann"), make_person(name="Bo", package_ids={first.pk})]
    order = place_order(make_details(people=people), [LineRequest(first, 2), LineRequest(second, 1)])

    order.refresh_from_db()
    assert order.status == OrderStatus.AWAITING_PAYMENT
    assert (order.total_amount, order.currency, order.total) == (24750, "USD", "$247.50")
    assert set(order.code) <= set(codes.ALPHABET)
    assert order.get_absolute_url() == f"/orders/{order.secret}/"


def test_each_kit_is_for_who_takes_it():
    both, one = make_package(), make_package()
    people = [make_person(name="Ann", package_ids={both.pk}), make_person(name="Bo")]

    order = place_order(make_details(people=people), [LineRequest(both, 2), LineRequest(one, 1)])

    kits = Kit.objects.filter(line__order=order).values_list("line__sku", "person__name")
    assert sorted(kits) == sorted([(both.sku, "Ann"), (both.sku, "Bo"), (one.sku, "Bo")])


def test_a_line_is_a_snapshot_that_the_catalogue_cannot_change():
    package = make_package(name="Iron check", price_amount=4900)
    order = make_order(package=package)
    package.name, package.price_amount = "Something else", 99900
    package.save()
    package.contents.all().delete()
    package.save()

    line = order.lines.get()
    assert (line.name, line.unit_amount, line.quantity) == ("Iron check", 4900, 1)
    assert line.contents == [{"key": "FER", "name": "Ferritin", "loinc": "2276-4", "ucum": "ng/mL"}]


def test_an_order_outlives_its_package():
    package = make_package(name="Iron check")
    order = make_order(package=package)

    delete_package(package)

    line = order.lines.get()
    assert (line.package, line.name, line.total) == (None, "Iron check", "$99")


def test_the_price_is_read_again_from_the_catalogue():
    stale = make_package(price_amount=9900)
    type(stale).objects.filter(pk=stale.pk).update(price_amount=10500)

    assert make_order(package=stale).total_amount == 10500


def test_another_price_than_the_buyer_was_shown_is_refused():
    package = make_package(name="Iron check", price_amount=10500)

    words = refused(refusals.PriceChanged, make_details(), LineRequest(package, 1, expected_amount=9900))

    assert words == "“Iron check” was $99 and is now $105."
    assert place_order(make_details(), [LineRequest(package, 1, expected_amount=10500)])


def test_the_first_mail_and_timeline_entry_are_written_with_the_order():
    order = make_order()

    mail = OutboxMail.objects.get(reference=order.reference)
    assert (mail.kind, mail.recipient) == ("order_received", order.email)
    assert f"{settings.PUBLIC_BASE_URL}/orders/{order.secret}/" in mail.text_body
    assert order.lines.get().name not in mail.subject + mail.text_body + mail.html_body
    assert [entry.kind for entry in order.timeline.all()] == [TimelineKind.PLACED]


def test_each_consent_is_kept_with_its_version():
    details = make_details()

    order = place_order(details, [LineRequest(make_package(), 1)])

    given = Consent.objects.filter(order=order).values_list("text_id", flat=True)
    assert sorted(given) == sorted(details.consent_text_ids)


def test_the_page_that_led_to_the_purchase_is_kept():
    page = make_site().root_page

    order = place_order(make_details(), [LineRequest(make_package(), 1, origin_page_id=page.pk)])

    assert order.lines.get().origin_page == page.specific_deferred


def test_a_page_that_was_deleted_meanwhile_does_not_stop_the_order():
    package = make_package()
    details = make_details()
    gone = Page.objects.order_by("-pk").first().pk + 1

    order = place_order(details, [LineRequest(package, 1, origin_page_id=gone)])

    assert order.lines.get().origin_page is None


def test_a_code_that_is_taken_is_drawn_again(monkeypatch):
    letters = iter(make_order().code + "CCCCCCCC")
    draw = secrets.choice
    monkeypatch.setattr(
        "secrets.choice", lambda choices: next(letters) if choices == codes.ALPHABET else draw(choices)
    )

    assert make_order().code == "CCCCCCCC"


class TestRefusals:
    def test_an_empty_basket(self):
        refused(refusals.EmptyOrder, make_details())

    def test_a_withdrawn_package(self):
        package = make_package(name="Iron check", availability=Availability.WITHDRAWN)

        words = refused(refusals.PackageUnavailable, make_details(), LineRequest(package, 1))

        assert words == "“Iron check” is no longer sold."

    @pytest.mark.parametrize("quantity", [0, -1, settings.MAX_QUANTITY + 1])
    def test_a_quantity_out_of_bounds(self, quantity):
        refused(refusals.QuantityOutOfBounds, make_details(), LineRequest(make_package(), quantity))

    def test_a_package_in_two_lines(self):
        package = make_package()

        refused(
            refusals.QuantityOutOfBounds, make_details(), LineRequest(package, 1), LineRequest(package, 1)
        )

    def test_two_currencies(self):
        dollars, euros = make_package(), make_package(currency="EUR")

        refused(refusals.MixedCurrencies, make_details(), LineRequest(dollars, 1), LineRequest(euros, 1))

    @pytest.mark.parametrize("people", [1, 3])
    def test_too_few_or_too_many_people(self, people):
        refused(refusals.PeopleMismatch, make_details(people=people), LineRequest(make_package(), 2))

    def test_nobody_takes_a_package(self):
        one, other = make_package(), make_package(name="Iron check")
        people = [make_person(package_ids={one.pk})]

        words = refused(
            refusals.PeopleMismatch, make_details(people=people), LineRequest(one, 1), LineRequest(other, 1)
        )

        assert words == "“Iron check” was ordered for 1 person. Please say who takes it."

    def test_everybody_takes_what_was_ordered_for_one(self):
        lines = [LineRequest(make_package(), 2), LineRequest(make_package(), 1)]

        refused(refusals.PeopleMismatch, make_details(people=2), *lines)

    @pytest.mark.parametrize("package_ids", [set(), {999_999}])
    def test_somebody_takes_nothing_or_what_was_not_ordered(self, package_ids):
        people = [make_person(name="Ann"), make_person(name="Bo", package_ids=package_ids)]

        refused(refusals.PeopleMismatch, make_details(people=people), LineRequest(make_package(), 1))

    def test_one_person_under_two_entries(self):
        people = [make_person(name="Jo Sample"), make_person(name="JO  sample")]

        refused(refusals.PeopleMismatch, make_details(people=people), LineRequest(make_package(), 2))

    def test_two_entries_about_namesakes_are_two_people(self):
        people = [make_person(), make_person(date_of_birth=make_birth(60))]

        assert place_order(make_details(people=people), [LineRequest(make_package(), 2)])

    @pytest.mark.parametrize(("suitable", "sex"), [("male", "female"), ("female", "male")])
    def test_a_package_for_the_other_sex(self, suitable, sex):
        package = make_package(suitable_sex=suitable)
        details = make_details(people=[make_person(sex_at_birth=sex)])

        assert f"sex at birth is {suitable}." in refused(
            refusals.SexMismatch, details, LineRequest(package, 1)
        )
        assert place_order(
            make_details(people=[make_person(sex_at_birth=suitable)]), [LineRequest(package, 1)]
        )

    @pytest.mark.parametrize(
        ("moment", "is_sold"),
        [
            ("2026-06-14 23:59:59Z", False),
            (
                "2026-06-15 11:59:59Z",
                False,
            ),  # the birthday in London, and still the day before on Baker Island
            ("2026-06-15 12:00:00Z", True),
        ],
    )
    def test_the_eighteenth_birthday_has_begun_everywhere(self, moment, is_sold):
        details = make_details(people=[make_person(date_of_birth=date(2008, 6, 15))])
        with time_machine.travel(moment, tick=False):
            if is_sold:
                assert place_order(details, [LineRequest(make_package(), 1)])
            else:
                words = refused(refusals.PersonTooYoung, details, LineRequest(make_package(), 1))
                assert "is for people aged 18 or older" in words

    @pytest.mark.parametrize(
        ("moment", "is_sold"),
        [
            ("2026-06-14 09:59:59Z", True),
            ("2026-06-14 10:00:00Z", False),  # the birthday on the Line Islands
        ],
    )
    def test_the_birthday_after_the_maximum_age_has_begun_nowhere(self, moment, is_sold):
        package = make_package(maximum_age=44)
        details = make_details(people=[make_person(date_of_birth=date(1981, 6, 15))])
        with time_machine.travel(moment, tick=False):
            if is_sold:
                assert place_order(details, [LineRequest(package, 1)])
            else:
                words = refused(refusals.PersonTooOld, details, LineRequest(package, 1))
                assert "is for people aged 44 or younger" in words

    def test_age_and_sex_count_for_those_who_take_that_package_only(self):
        anybody, older = make_package(minimum_age=18), make_package(minimum_age=40, suitable_sex="male")
        young = make_person(name="Bo", date_of_birth=make_birth(19), package_ids={anybody.pk})
        details = make_details(people=[young, make_person(sex_at_birth="male")])

        assert place_order(details, [LineRequest(anybody, 2), LineRequest(older, 1)])

    @pytest.mark.parametrize("given", [[], [999_999]])
    def test_a_missing_or_invented_consent(self, given):
        make_details()

        refused(refusals.ConsentMissing, make_details(consent_text_ids=given), LineRequest(make_package(), 1))


def make_birth(years: int):
    """Return a date of birth that many years and some days ago."""
    return timezone.localdate() - timedelta(days=years * 366)


def test_an_order_of_five_people_takes_as_many_queries_as_one_of_one(django_assert_max_num_queries):
    package = make_package()
    few, many = make_details(people=1), make_details(people=5)

    with django_assert_max_num_queries(24):
        place_order(few, [LineRequest(package, 1)])
    with django_assert_max_num_queries(24):
        place_order(many, [LineRequest(package, 5)])
