import pytest
from django.urls import reverse

from tests.factories.shop import make_order
from tests.shop.backoffice.conftest import person_of, staff
from tests.shop.checkout.conftest import confirm

__all__ = ["person_of", "staff"]

pytestmark = pytest.mark.django_db


def address_of(order, receipt) -> str:
    return reverse("checkout:receipt", args=[order.secret, receipt.number])


def test_the_order_page_links_the_receipt_and_says_the_tax(client, order, receipt):
    confirm(client, order)
    page = client.get(order.get_absolute_url()).content.decode()

    assert address_of(order, receipt) in page
    assert "includes $33 tax" in page


def test_an_order_without_tax_says_nothing_of_it(client, db):
    order = make_order(country="US")
    confirm(client, order)

    page = client.get(order.get_absolute_url()).content.decode()

    assert "tax" not in page


def test_the_customer_gets_the_file_and_no_cache_keeps_it(client, order, receipt):
    confirm(client, order)

    response = client.get(address_of(order, receipt))

    assert response.content.startswith(b"%PDF")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="receipt-{receipt.number}.pdf"'
    assert response["Cache-Control"] == "no-store, private"
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "no-referrer"


def test_nobody_gets_another_orders_receipt(client, order, receipt):
    other = make_order()
    confirm(client, other)

    assert client.get(address_of(other, receipt)).status_code == 404


def test_a_receipt_is_kept_until_it_is_known_whose_order_it_is(client, order, receipt):
    response = client.get(address_of(order, receipt))

    assert (response.status_code, response.url) == (303, order.get_absolute_url())


def test_staff_see_and_fetch_the_receipt(staff, order, receipt):
    screen = staff.get(reverse("orders:inspect", args=[order.pk])).content.decode()
    address = reverse("orders:receipt", args=[receipt.pk])

    assert receipt.number in screen
    assert "$198 includes $33 tax." in screen
    assert address in screen
    assert staff.get(address).content.startswith(b"%PDF")


@pytest.mark.parametrize("group", ["Editors", "Clinical reviewers"])
def test_other_groups_fetch_no_receipt(client, person_of, receipt, group):
    client.force_login(person_of(group))

    assert client.get(reverse("orders:receipt", args=[receipt.pk])).status_code in {302, 403}
