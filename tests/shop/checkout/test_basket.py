import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.catalogue.models import Availability
from shop.checkout.models import Basket, BasketLine
from shop.checkout.tasks import remove_old_baskets
from tests.factories.shop import any_page, make_code, make_package


def text_of(browser, address: str = "/basket/") -> str:
    return browser.get(address).content.decode()


def test_adding_makes_a_basket_that_the_browser_finds_again(browser):
    package = make_package(name="Iron check", price_amount=9900)
    response = browser.add(package, 2)
    assert (response.status_code, response.url) == (303, "/basket/?notice=added")
    cookie = response.cookies["basket"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 30 * 24 * 60 * 60
    assert len(cookie.value) >= 32
    assert response.cookies["basket_marker"].value == "1"
    assert not response.cookies["basket_marker"]["httponly"]
    text = text_of(browser)
    assert "Iron check" in text
    assert "$198" in text


def test_what_cannot_be_paid_together_is_said_in_the_basket(browser):
    browser.add(make_package(currency="ISK", price_amount=990_000))
    browser.add(make_package())
    text = text_of(browser)
    assert "These cannot be paid together" in text
    assert "Continue to your details" not in text
    assert browser.get("/checkout/").url == "/basket/"


def test_cookie_is_secure_behind_https(browser):
    response = browser.post(
        "/basket/add/", {"package": make_package().sku, "quantity": 1}, secure=True, follow=False
    )
    assert response.cookies["basket"]["secure"]


def test_the_same_package_again_raises_its_quantity_up_to_the_limit(browser, settings):
    package = make_package()
    browser.add(package, 3)
    assert browser.add(package, 1).url == "/basket/?notice=raised"
    assert browser.add(package, 4).url == "/basket/?notice=limited"
    assert BasketLine.objects.get().quantity == settings.MAX_QUANTITY
    assert "at most 5 people" in text_of(browser, "/basket/?notice=limited")


@pytest.mark.parametrize("quantity", ["0", "-1", "6", "1.5", "many", ""])
def test_quantity_out_of_bounds_changes_nothing_and_says_why(browser, quantity):
    package = make_package()
    browser.add(package, 2)
    data = {"package": package.sku, "quantity": quantity, f"quantity-{BasketLine.objects.get().pk}": quantity}
    for address in ("/basket/add/", "/basket/change/", "/basket/continue/"):
        assert browser.post(address, data).url == "/basket/?notice=quantity"
    assert BasketLine.objects.get().quantity == 2
    assert "Choose between 1 and 5 people" in text_of(browser, "/basket/?notice=quantity")


def test_lines_are_changed_removed_and_emptied(browser):
    first, second, third = make_package(), make_package(), make_package()
    for package in (first, second, third):
        browser.add(package)
    line = BasketLine.objects.get(package=first)
    browser.post("/basket/change/", {f"quantity-{line.pk}": 4})
    line.refresh_from_db()
    assert line.quantity == 4
    browser.post("/basket/remove/", {"line": line.pk})
    assert set(BasketLine.objects.values_list("package", flat=True)) == {second.pk, third.pk}
    browser.post("/basket/empty/")
    assert not BasketLine.objects.exists()
    assert "Your basket is empty" in text_of(browser)


@pytest.mark.parametrize("button", ["change", "continue", "code", "code/remove", "remove"])
def test_every_button_keeps_the_numbers_and_the_code_that_are_typed(browser, button):
    make_code("SPRING")
    for _number in range(3):
        browser.add(make_package())
    first, second, third = BasketLine.objects.all()
    typed = {f"quantity-{first.pk}": 3, f"quantity-{second.pk}": 2, f"quantity-{third.pk}": 1}

    response = browser.post(f"/basket/{button}/", {**typed, "code": " spring", "line": third.pk})

    assert response.status_code == 303
    assert (response.url == "/checkout/") is (button == "continue")
    quantities = list(BasketLine.objects.values_list("quantity", flat=True))
    assert quantities == ([3, 2] if button == "remove" else [3, 2, 1])
    assert Basket.objects.get().discount_code == ("" if button == "code/remove" else "SPRING")


def test_a_refused_code_stops_the_way_on_and_keeps_what_is_typed(browser):
    browser.add(make_package())
    line = BasketLine.objects.get()

    response = browser.post("/basket/continue/", {f"quantity-{line.pk}": 2, "code": "WRONG"})

    text = response.content.decode()
    assert response.status_code == 422
    assert "This code is not valid" in text
    assert "To go on without a code, empty the field." in text
    assert 'value="WRONG"' in text
    assert response.context["summary"].count == 2
    assert browser.post("/basket/continue/", {f"quantity-{line.pk}": 2, "code": ""}).url == "/checkout/"


def test_a_code_of_the_basket_that_has_ended_stops_nobody(browser):
    code = make_code("SPRING")
    browser.add(make_package())
    browser.post("/basket/code/", {"code": "SPRING"})
    code.is_active = False
    code.save()

    assert browser.post("/basket/continue/", {"code": "SPRING"}).url == "/checkout/"
    assert "Your code SPRING gives no discount" in text_of(browser, "/checkout/")


def test_enter_in_a_field_removes_nothing(browser):
    """Browsers press a form's first button, which would otherwise be a line's own."""
    browser.add(make_package())
    [form] = re.findall(
        r'<form method="post" action="/basket/change/".*?</form>', text_of(browser), re.DOTALL
    )
    assert "formaction" not in re.search("<button[^>]*>", form)[0]


def test_nobody_touches_somebody_elses_line(browser):
    browser.add(make_package())
    line = BasketLine.objects.get()
    other = type(browser)()
    other.add(make_package())
    other.post("/basket/remove/", {"line": line.pk})
    other.post("/basket/change/", {f"quantity-{line.pk}": 5})
    line.refresh_from_db()
    assert line.quantity == 1


@pytest.mark.parametrize("line", ["", "abc", "-1", "999999999999999999999", "1' OR 1=1"])
def test_nonsense_for_a_line_is_harmless(browser, line):
    browser.add(make_package())
    assert browser.post("/basket/remove/", {"line": line}).status_code == 303
    assert BasketLine.objects.count() == 1


def test_unknown_package_gets_a_clear_page(browser):
    response = browser.post("/basket/add/", {"package": "P99", "quantity": 1})
    assert response.status_code == 404
    assert "We do not sell this health check" in response.content.decode()
    assert not Basket.objects.exists()


def test_withdrawn_package_cannot_be_added(browser):
    response = browser.add(make_package(name="Old check", availability=Availability.WITHDRAWN))
    assert response.status_code == 410
    assert "“Old check” was taken off sale" in response.content.decode()
    assert not Basket.objects.exists()


def test_package_withdrawn_later_is_marked_not_counted_and_removed_with_one_click(browser):
    kept, gone = make_package(price_amount=5000), make_package(name="Old check")
    browser.add(kept)
    browser.add(gone)
    gone.availability = Availability.WITHDRAWN
    gone.save()
    response = browser.get("/basket/")
    text = response.content.decode()
    assert "We no longer sell this health check" in text
    assert response.context["summary"].total == "$50"
    assert "/basket/continue/" not in text
    assert browser.get("/basket/count/").json() == {"count": 1}
    assert browser.get("/checkout/").url == "/basket/?notice=withdrawn"
    browser.post("/basket/remove/", {"line": BasketLine.objects.get(package=gone).pk})
    assert browser.get("/checkout/").status_code == 200


def test_changed_price_is_shown_with_the_old_one(browser):
    package = make_package(price_amount=9900)
    browser.add(package)
    package.price_amount = 10500
    package.save()
    text = text_of(browser)
    assert "Was $99, now $105" in text
    assert "Accept the new price and continue" in text
    assert "Was $99, now $105" in text_of(browser, "/checkout/")


def test_adding_again_means_that_the_new_price_was_seen(browser):
    package = make_package(price_amount=9900)
    browser.add(package)
    package.price_amount = 10500
    package.save()
    browser.add(package)
    assert "Was $99" not in text_of(browser)


def test_origin_of_the_purchase_is_kept(browser):
    page = any_page()
    browser.add(make_package(), referrer=f"http://testserver/health-checks/t/?from={page.pk}")
    assert BasketLine.objects.get().origin_page_id == page.pk


def test_basket_keeps_for_days_and_goes_when_nobody_comes(browser):
    browser.add(make_package())
    with time_machine.travel(timezone.now() + timedelta(days=29), tick=False):
        assert remove_old_baskets() == 0
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        assert remove_old_baskets() == 1
    assert "Your basket is empty" in text_of(browser)


def test_count_is_private_and_needs_no_basket(browser):
    response = browser.get("/basket/count/")
    assert response.json() == {"count": 0}
    assert response["Cache-Control"] == "no-store, private"
    assert not response.cookies
    browser.add(make_package(), 3)
    assert browser.get("/basket/count/").json() == {"count": 3}


def test_unknown_token_is_forgotten(browser):
    browser.cookies["basket"] = "x" * 5000
    response = browser.get("/basket/")
    assert response.status_code == 200
    assert response.cookies["basket"]["max-age"] == 0


def test_reading_without_a_basket_writes_nothing(browser):
    with CaptureQueriesContext(connection) as captured:
        browser.get("/basket/")
    assert not [query for query in captured if not query["sql"].startswith("SELECT")]
    assert not Basket.objects.exists()


def test_basket_does_not_cost_more_queries_with_more_lines(browser):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            browser.get("/basket/")
        return len(captured)

    browser.add(make_package())
    browser.get("/basket/")
    one = cost()
    for _number in range(4):
        browser.add(make_package())
    assert cost() == one


@pytest.mark.parametrize(
    "address",
    [
        "/basket/add/",
        "/basket/change/",
        "/basket/continue/",
        "/basket/remove/",
        "/basket/empty/",
        "/checkout/",
    ],
)
def test_form_from_another_site_is_refused(browser, address):
    browser.add(make_package())
    forged = Client(headers={"Sec-Fetch-Site": "cross-site"})
    forged.cookies = browser.cookies
    assert forged.post(address, {"quantity": 1}).status_code == 403
    assert BasketLine.objects.count() == 1


@pytest.mark.parametrize(
    "address", ["/basket/add/", "/basket/continue/", "/basket/remove/", "/basket/empty/"]
)
def test_buttons_answer_to_forms_only(browser, address):
    assert browser.get(address).status_code == 405


def test_unknown_notice_shows_nothing(browser):
    assert browser.get("/basket/?notice=<script>").context["notice"] is None
