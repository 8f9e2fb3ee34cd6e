"""Staff make, find and switch off discount codes, and see what one took off an order."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from shop.discounts.models import DiscountCode, DiscountUse, UseState
from shop.orders.placing import DiscountRequest, LineRequest, place_order
from tests.factories.shop import make_code, make_details, make_package, make_site_settings

pytestmark = pytest.mark.django_db

LIST = "/admin/discount-codes/"


def form_data(**changes) -> dict:
    return {"code": "spring 26", "percentage": "", "amount": "", "is_active": "on", **changes}


def text_of(response) -> str:
    return response.content.decode()


def errors_of(response) -> dict:
    return response.context["form"].errors


def test_a_percentage_code_is_made(staff):
    package = make_package()
    response = staff.post(
        f"{LIST}new/", form_data(percentage="12.5", packages=[package.pk], total_limit="10")
    )

    assert response.status_code == 302, errors_of(response)
    code = DiscountCode.objects.get()
    assert (code.code, code.value, code.currency, code.total_limit) == ("SPRING26", "12.5%", "", 10)
    assert list(code.packages.all()) == [package]


def test_an_amount_is_entered_in_major_units(staff):
    response = staff.post(f"{LIST}new/", form_data(amount="10.50"))

    assert response.status_code == 302, errors_of(response)
    code = DiscountCode.objects.get()
    assert (code.amount, code.currency) == (1050, "USD")
    assert 'value="10.50"' in text_of(staff.get(reverse("discount-codes:edit", args=[code.pk])))


def test_a_fixed_amount_is_of_a_currency_that_packages_are_priced_in(staff):
    make_package(currency="ISK", price_amount=990_000)
    make_package(currency="JPY")
    address = f"{LIST}new/"
    assert 'name="currency"' in text_of(staff.get(address))

    refused = staff.post(address, form_data(amount="10.50", currency="ISK"))
    assert errors_of(refused)["amount"] == ["Amounts in ISK have no decimals."]
    assert staff.post(address, form_data(amount="1000", currency="ISK")).status_code == 302
    code = DiscountCode.objects.get()
    assert (code.amount, code.currency) == (100_000, "ISK")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "percentage"),
        ({"percentage": "10", "amount": "5"}, "amount"),
        ({"percentage": "101"}, "percentage"),
        ({"percentage": "10", "code": "  "}, "code"),
        ({"percentage": "10", "code": "taken"}, "code"),
        ({"percentage": "10", "total_limit": "0"}, "total_limit"),
        ({"percentage": "10", "valid_from": "2026-05-02", "valid_until": "2026-05-01"}, "valid_until"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(staff, changes, field):
    make_code("TAKEN")
    response = staff.post(f"{LIST}new/", form_data(**changes))

    assert response.status_code == 200
    assert set(errors_of(response)) == {field}
    assert DiscountCode.objects.count() == 1


@pytest.mark.either_database
def test_the_list_shows_uses_and_limits_and_finds_and_filters(staff):
    code = make_code("SPRING", total_limit=10)
    make_code("WINTER", valid_until=timezone.now() - timedelta(days=1))
    for number, state in enumerate((UseState.USED, UseState.RESERVED, UseState.GIVEN_BACK)):
        DiscountUse.objects.create(code=code, order_reference=f"order:{number}", state=state)

    assert "2 of 10" in text_of(staff.get(LIST))
    found = text_of(staff.get(LIST, {"q": "winter"}))
    assert "WINTER" in found
    assert "SPRING" not in found
    for validity, (shown, hidden) in {"now": ("SPRING", "WINTER"), "over": ("WINTER", "SPRING")}.items():
        filtered = text_of(staff.get(LIST, {"validity": validity}))
        assert shown in filtered
        assert hidden not in filtered


def test_nobody_deletes_a_code(admin_client):
    code = make_code()
    admin_client.post(reverse("discount-codes:delete", args=[code.pk]))

    assert DiscountCode.objects.exists()


@pytest.mark.parametrize("group", ["Editors", "Clinical reviewers"])
def test_others_than_staff_see_no_codes(client, person_of, group):
    client.force_login(person_of(group))

    assert client.get(LIST).status_code == 302


def test_the_order_screen_shows_what_the_code_took_off(staff):
    make_site_settings()
    make_code()
    order = place_order(make_details(), [LineRequest(make_package(), 1)], DiscountRequest("SPRING"))
    text = text_of(staff.get(reverse("orders:inspect", args=[order.pk])))

    for words in ("Before the discount", "SPRING", "−$9.90", "$89.10"):
        assert words in text
