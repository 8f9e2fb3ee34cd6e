"""Who takes which health check: asked when it is open, shown before paying, and kept right on every way."""

import pytest

from shop.orders.models import Kit, Order, OrderStatus
from tests.factories.shop import make_package
from tests.shop.checkout.conftest import details_data
from tests.shop.checkout.test_details import errors_of


@pytest.fixture
def hormones(browser):
    """Make a basket with a check for women and one for men."""
    women = make_package(name="Women’s check", suitable_sex="female")
    men = make_package(name="Men’s check", suitable_sex="male")
    browser.add(women)
    browser.add(men)
    return women, men


def kits_of(order: Order) -> list[tuple[str, str]]:
    return sorted(Kit.objects.filter(line__order=order).values_list("line__name", "person__name"))


def typed(response) -> dict[str, list]:
    """Return what a page shows in the fields about people, by field."""
    return {field.html_name: field.value() for form in response.context["forms"].people for field in form}


def ticked(response) -> list:
    return [form["takes"].value() for form in response.context["forms"].people]


class TestAsking:
    def test_one_kind_of_check_leaves_nothing_to_ask(self, browser):
        browser.add(make_package(), 2)
        page = browser.get("/checkout/").content.decode()
        assert "-takes" not in page
        assert "add_person" not in page
        assert "remove_person" not in page

    def test_checks_for_both_sexes_begin_with_two_people_and_nothing_ticked(self, browser, hormones):
        response = browser.get("/checkout/")
        assert ticked(response) == [[], []]
        assert "Women’s check (for women)" in response.content.decode()

    def test_what_everybody_must_take_is_ticked(self, browser):
        both, one = make_package(), make_package()
        browser.add(both, 2)
        browser.add(one, 1)
        assert ticked(browser.get("/checkout/")) == [[both.sku], [both.sku]]

    def test_one_person_begins_with_both_checks_and_may_become_two(self, browser):
        first, second = make_package(), make_package()
        browser.add(first)
        browser.add(second)
        response = browser.get("/checkout/")
        assert [sorted(skus) for skus in ticked(response)] == [sorted([first.sku, second.sku])]
        assert "add_person" in response.content.decode()

    def test_the_enter_key_removes_nobody(self, browser, hormones):
        form = browser.get("/checkout/").content.decode().partition('checkout__form"')[2]
        assert "name=" not in form.partition("<button")[2].partition(">")[0]


class TestAddingAndRemoving:
    @pytest.fixture
    def data(self, browser) -> dict:
        """Two checks; the first person is typed in by half, with consents given."""
        packages = [make_package(), make_package()]
        for package in packages:
            browser.add(package)
        data = {**details_data(), "prices": browser.displayed_prices(), "city": "", "person-0-is_buyer": ""}
        return {**data, "person-0-name": "Ann", "person-0-takes": [packages[0].sku]}

    def test_a_person_is_added_and_nothing_typed_is_lost(self, browser, data):
        response = browser.post("/checkout/", {**data, "add_person": "1"})
        assert response.status_code == 200
        assert not errors_of(response)
        fields = typed(response)
        assert (fields["person-0-name"], fields["person-1-name"]) == ("Ann", None)
        assert fields["person-0-date_of_birth"] == ["27", "3", "1984"]
        assert ticked(response) == [data["person-0-takes"], []]
        page = response.content.decode()
        assert page.count(" checked") == 5  # a sex, a check, three consents
        assert 'value="1 Example Street"' in page
        assert "remove_person" in page

    def test_a_person_is_removed_and_who_came_after_moves_up(self, browser, data):
        second = {"person-1-name": "Bo", "person-1-sex_at_birth": "male", "person-1-takes": ["X"]}
        response = browser.post("/checkout/", {**data, **second, "people": "2", "remove_person": "0"})
        fields = typed(response)
        assert not errors_of(response)
        assert (fields["person-0-name"], fields["person-0-sex_at_birth"]) == ("Bo", "male")
        assert "person-1-name" not in fields

    @pytest.mark.parametrize(
        "asked",
        [{"remove_person": "7"}, {"remove_person": "-1"}, {"remove_person": "²"}, {"people": "x" * 9}],
    )
    def test_nonsense_changes_nothing(self, browser, data, asked):
        response = browser.post("/checkout/", {**data, "add_person": "", **asked})
        assert response.status_code == 200
        assert typed(response)["person-0-name"] == "Ann"
        assert not Order.objects.exists()

    def test_there_are_no_more_people_than_kits(self, browser, data):
        response = browser.post("/checkout/", {**data, "people": "99", "add_person": "1"})
        assert len(response.context["forms"].people) == 2
        assert "add_person" not in response.content.decode()

    def test_a_basket_that_changed_meanwhile_is_told(self, browser, data):
        browser.add(make_package())
        response = browser.post("/checkout/", {**data, "add_person": "1"})
        assert response.status_code == 409
        assert "has changed since this page was opened" in response.content.decode()
        assert typed(response)["person-0-name"] == "Ann"


class TestRefusals:
    def test_a_check_for_the_other_sex(self, browser, hormones):
        women, men = hormones
        takes = {"person-0-takes": [men.sku], "person-1-takes": [women.sku]}
        response = browser.send_details(people=2, **takes)
        assert response.status_code == 422
        assert errors_of(response) == [
            "“Men’s check” is for men: its usual ranges are those of people whose sex at birth is male."
        ]
        assert not Order.objects.exists()

    def test_a_single_check_for_the_other_sex(self, browser):
        browser.add(make_package(suitable_sex="male"))
        response = browser.send_details()
        assert response.status_code == 422
        assert response.context["forms"].people[0].has_error("sex_at_birth")

    def test_somebody_too_old(self, browser):
        browser.add(make_package(maximum_age=30))
        response = browser.send_details()
        assert response.context["forms"].people[0].has_error("date_of_birth")
        assert "is for people aged 30 or younger" in response.content.decode()

    def test_age_counts_for_the_checks_of_that_person_only(self, browser, standin):
        anybody, older = make_package(minimum_age=18), make_package(minimum_age=60)
        browser.add(anybody, 2)
        browser.add(older, 1)
        data = {"person-0-date_of_birth_2": "2000", "person-1-date_of_birth_2": "1950"}
        young_takes_all = {"person-0-takes": [anybody.sku, older.sku], "person-1-takes": [anybody.sku]}
        assert browser.send_details(people=2, **data, **young_takes_all).status_code == 422
        assert browser.send_details(people=2, **data, **{"person-0-takes": [anybody.sku]}).status_code == 303

    @pytest.mark.parametrize(
        ("first", "second", "words"),
        [
            ([0, 1], [0, 1], "“Solo” is for 1 person and ticked for 2."),
            ([0], [0], "“Solo” is ticked for nobody."),
            ([0, 1], [1], "“Both” is for 2 people and ticked for 1. Tick who else takes it."),
            ([0, 1], [], "Tick what this person takes, or remove this person."),
            ([0, 1], ["T0"], "Tick only health checks that are in your basket."),
        ],
    )
    def test_a_check_that_is_not_for_as_many_people_as_it_was_ordered_for(
        self, browser, first, second, words
    ):
        packages = [make_package(name="Both"), make_package(name="Solo")]
        browser.add(packages[0], 2)
        browser.add(packages[1], 1)
        takes = {
            f"person-{position}-takes": [packages[n].sku if isinstance(n, int) else n for n in numbers]
            for position, numbers in enumerate((first, second))
        }
        response = browser.send_details(people=2, **takes)
        assert response.status_code == 422
        assert [error for error in errors_of(response) if error.startswith(words)]
        assert not Order.objects.exists()

    def test_one_person_twice(self, browser):
        browser.add(make_package(), 2)
        response = browser.send_details(people=2, **{"person-1-name": "jo  SAMPLE"})
        assert errors_of(response) == ["This is the same person as person 1. Enter each person once."]
        assert not Order.objects.exists()

    def test_the_same_check_twice_on_one_person_is_one_kit(self, browser, standin):
        first, second = make_package(name="A"), make_package(name="B")
        browser.add(first)
        browser.add(second)
        browser.send_details(**{"person-0-takes": [first.sku, first.sku, second.sku]})
        assert kits_of(Order.objects.get()) == [("A", "Jo Sample"), ("B", "Jo Sample")]


class TestReview:
    def test_one_kit_goes_straight_to_payment(self, browser, standin):
        browser.add(make_package())
        assert browser.send_details(reviewed="").status_code == 303

    def test_who_takes_what_is_shown_before_anything_is_ordered(self, browser, standin, hormones):
        women, men = hormones
        data = {
            "person-0-takes": [women.sku],
            "person-1-takes": [men.sku],
            "person-1-sex_at_birth": "male",
        }
        response = browser.send_details(people=2, reviewed="", **data)
        assert response.status_code == 200
        words = " ".join(response.content.decode().split())
        assert (
            "Jo Sample</b>, born 27 March 1984, sex at birth: Female" in words.partition("Women’s check")[2]
        )
        assert "Person 2</b>, born 27 March 1984, sex at birth: Male" in words.partition("Men’s check")[2]
        assert "Pay $198" in words
        assert not Order.objects.exists()

        # The page's own form is what pays, or leads back with all that was typed.
        sent = dict(response.context["typed"])
        back = browser.post("/checkout/", {**sent, "change": "1"})
        assert ticked(back) == [[women.sku], [men.sku]]
        assert back.content.decode().count(" checked") == 8
        assert not errors_of(back)
        assert browser.post("/checkout/", {**sent, "reviewed": "1"}).url.startswith(standin.base_url)
        assert kits_of(Order.objects.get()) == [("Men’s check", "Person 2"), ("Women’s check", "Jo Sample")]

    def test_a_price_that_changed_after_the_review_is_told(self, browser, hormones):
        women, men = hormones
        data = {"person-0-takes": [women.sku], "person-1-takes": [men.sku], "person-1-sex_at_birth": "male"}
        prices = browser.displayed_prices()
        type(women).objects.update(price_amount=100)
        assert browser.send_details(people=2, prices=prices, **data).status_code == 409
        assert not Order.objects.exists()


class TestChangingAnUnpaidOrder:
    def test_the_page_shows_who_takes_what_and_a_change_replaces_the_order(self, browser, standin):
        first, second = make_package(name="A"), make_package(name="B")
        browser.add(first)
        browser.add(second)
        takes = {"person-0-takes": [first.sku], "person-1-takes": [second.sku]}
        assert browser.send_details(people=2, **takes).status_code == 303
        assert ticked(browser.get("/checkout/")) == [[first.sku], [second.sku]]

        swapped = {"person-0-takes": [second.sku], "person-1-takes": [first.sku]}
        browser.send_details(people=2, **{**swapped, "person-0-is_buyer": "on"})
        old, new = Order.objects.order_by("pk")
        assert (old.status, new.status) == (OrderStatus.CANCELLED, OrderStatus.AWAITING_PAYMENT)
        assert kits_of(new) == [("A", "Person 2"), ("B", "Jo Sample")]

    def test_the_same_again_is_the_same_order(self, browser, standin):
        first, second = make_package(), make_package()
        browser.add(first)
        browser.add(second)
        takes = {"person-0-takes": [first.sku], "person-1-takes": [second.sku]}
        assert browser.send_details(people=2, **takes).url == browser.send_details(people=2, **takes).url
        assert Order.objects.count() == 1

    def test_a_check_added_since_is_not_ticked_for_whom_it_does_not_suit(self, browser, standin):
        package = make_package()
        browser.add(package)
        browser.send_details()
        browser.add(make_package(suitable_sex="male"))
        assert ticked(browser.get("/checkout/")) == [[package.sku]]

    def test_a_changed_sex_is_checked_again(self, browser, standin):
        browser.add(make_package(suitable_sex="female"))
        assert browser.send_details().status_code == 303
        assert browser.send_details(**{"person-0-sex_at_birth": "male"}).status_code == 422
        assert Order.objects.get().status == OrderStatus.AWAITING_PAYMENT
