"""A code in the basket, from the field to the payment; whatever changes is told before paying."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shop.checkout.models import Basket
from shop.discounts.models import DiscountCode, DiscountUse, UseState
from shop.discounts.reserving import customer_key
from shop.orders.models import Order, OrderStatus
from tests.factories.shop import make_code, make_package


@pytest.fixture
def package(browser, standin):
    package = make_package(price_amount=9900)
    browser.add(package)
    return package


def use(browser, code: str = "spring "):
    return browser.post("/basket/code/", {"code": code}, headers={"X-Forwarded-For": "203.0.113.9"})


def text_of(response) -> str:
    return response.content.decode()


def test_a_code_is_taken_off_everywhere_up_to_the_payment(browser, standin, package):
    make_code()
    response = use(browser)

    assert (response.status_code, response.url) == (303, "/basket/?notice=code_used")
    for address in (response.url, "/checkout/"):
        text = text_of(browser.get(address))
        assert "SPRING" in text
        assert "−$9.90" in text
        assert "$89.10" in text
    browser.send_details()
    order = Order.objects.get()
    session = standin.store.find("checkout.session", order.payments.get().session_id)
    assert (order.total_amount, session["amount_total"]) == (8910, 8910)
    assert DiscountUse.objects.get().state == UseState.RESERVED
    page = text_of(browser.get(order.get_absolute_url()))
    assert "−$9.90" in page
    assert "SPRING" not in page


@pytest.mark.parametrize(
    ("limits", "typed", "reason"),
    [
        ({}, "other", "This code is not valid"),
        ({}, "", "Enter a code"),
        ({}, "X" * 41, "This code is not valid"),
        ({"valid_until": timezone.now() - timedelta(days=1)}, "spring", "This code cannot be used any more"),
    ],
)
def test_why_a_code_is_refused_stands_beside_the_field_and_what_was_typed_stays(
    browser, package, limits, typed, reason
):
    make_code(**limits)
    response = use(browser, typed)

    assert response.status_code == 422
    text = text_of(response)
    assert reason in text
    assert 'aria-invalid="true"' in text
    assert f'value="{typed}"' in text or not typed
    assert Basket.objects.get().discount_code == ""
    assert package.name in text


def test_a_refused_code_leaves_the_one_that_was_used_before(browser, package):
    make_code()
    use(browser)
    use(browser, "other")

    assert "−$9.90" in text_of(browser.get("/basket/"))


def test_a_code_is_removed(browser, package):
    make_code()
    use(browser)
    response = browser.post("/basket/code/remove/")

    assert response.url == "/basket/?notice=code_removed"
    assert "$9.90" not in text_of(browser.get("/basket/"))


def test_nobody_uses_a_code_without_a_basket(browser):
    assert use(browser).url == "/basket/?notice=empty"


def test_a_code_that_ended_before_the_details_is_told_there_and_in_the_basket(browser, package):
    make_code()
    use(browser)
    DiscountCode.objects.update(is_active=False)

    for address in ("/basket/", "/checkout/"):
        text = text_of(browser.get(address))
        assert "This code is not valid" in text
        assert "$99" in text
        assert "−$9.90" not in text


def test_a_code_that_ends_while_details_are_typed_is_told_before_paying_and_nothing_is_lost(browser, package):
    make_code()
    use(browser)
    prices = browser.displayed_prices()
    DiscountCode.objects.update(is_active=False)
    response = browser.send_details(prices=prices)

    assert response.status_code == 409
    text = text_of(response)
    assert 'value="1 Example Street"' in text
    assert "Nothing has been ordered" in text
    assert not Order.objects.exists()
    assert browser.send_details().status_code == 303
    assert (Order.objects.get().total_amount, Order.objects.get().discount_code) == (9900, "")


def test_another_discount_than_was_shown_is_told_before_paying(browser, package):
    make_code()
    use(browser)
    prices = browser.displayed_prices()
    DiscountCode.objects.update(percentage=5)

    assert browser.send_details(prices=prices).status_code == 409
    assert not Order.objects.exists()


def test_who_used_a_code_before_learns_it_before_paying_and_can_go_on_without(browser, package):
    code = make_code(customer_limit=1)
    DiscountUse.objects.create(
        code=code,
        order_reference="order:X",
        customer_key=customer_key("jo@example.org"),
        state=UseState.USED,
    )
    use(browser)
    response = browser.send_details()

    assert response.status_code == 409
    text = text_of(response)
    assert "This code cannot be used any more. Nothing has been ordered." in text
    assert 'value="1 Example Street"' in text
    assert not Order.objects.exists()
    assert browser.send_details().status_code == 303
    assert Order.objects.get().total_amount == 9900


def test_the_page_does_not_tell_whether_a_code_ended_or_somebody_has_used_it(browser, package):
    code = make_code(total_limit=5, customer_limit=1)
    DiscountUse.objects.create(
        code=code, order_reference="order:X", customer_key=customer_key("jo@example.org"), state=UseState.USED
    )
    ends = [{}, {"total_limit": 1}, {"valid_until": timezone.now() - timedelta(days=1)}]
    answers = []
    for end in ends:
        use(browser)
        prices = browser.displayed_prices()
        DiscountCode.objects.update(**end)
        response = browser.send_details(prices=prices)
        answers.append((response.status_code, response.content, Basket.objects.get().discount_code))
        DiscountCode.objects.update(total_limit=5, valid_until=None)

    assert "This code cannot be used any more." in text_of(response)
    assert answers[0][0] == 409
    assert answers == [answers[0]] * len(ends)


def test_the_last_use_that_the_own_unpaid_order_holds_stays_with_the_reader(browser, package):
    make_code(total_limit=1, customer_limit=1)
    use(browser)
    browser.send_details()
    assert browser.send_details().status_code == 303
    assert Order.objects.count() == 1
    browser.send_details(address_line_1="2 Other Street")

    old, new = Order.objects.order_by("pk")
    assert (old.status, new.status) == (OrderStatus.CANCELLED, OrderStatus.AWAITING_PAYMENT)
    assert new.discount_amount == 990
    assert set(DiscountUse.objects.values_list("order_reference", "state")) == {
        (old.reference, UseState.GIVEN_BACK),
        (new.reference, UseState.RESERVED),
    }


def test_a_removed_code_replaces_the_unpaid_order(browser, package):
    make_code()
    use(browser)
    browser.send_details()
    browser.post("/basket/code/remove/")
    browser.send_details()

    old, new = Order.objects.order_by("pk")
    assert (old.status, new.total_amount) == (OrderStatus.CANCELLED, 9900)


def test_guessing_codes_is_stopped_without_losing_the_basket(browser, package, settings):
    settings.LIMITS = settings.LIMITS | {"discount.address": "2/hour"}
    make_code()
    assert [use(browser, f"guess{number}").status_code for number in range(3)] == [422, 422, 429]
    assert package.name in text_of(browser.get("/basket/"))
    assert use(browser).status_code == 429
