"""A buyer's browser, and the real stand-in behind the real payment code."""

import pytest
from django.test import Client
from django.urls import reverse

from shop.orders.models import Order
from tests.factories.shop import make_consent_texts, make_ready_to_sell, make_site_settings
from tests.shop.payments.conftest import standin

__all__ = ["standin"]


class Browser(Client):
    """A client whose headers say, as browsers' do, that its forms come from this site's own pages."""

    def __init__(self, **defaults) -> None:
        super().__init__(headers={"Sec-Fetch-Site": "same-origin"}, **defaults)

    def add(self, package, quantity: int | str = 1, referrer: str = "http://testserver/health-checks/"):
        return self.post(
            "/basket/add/", {"package": package.sku, "quantity": quantity}, headers={"Referer": referrer}
        )

    def displayed_prices(self) -> str:
        """Return the prices that the details page displays and sends back."""
        return self.get("/checkout/").context["summary"].prices

    def send_details(self, people: int = 1, **changes):
        """Fill in the details page, with everything for everybody, and continue to payment."""
        prices = changes.pop("prices", None) or self.displayed_prices()
        skus = [part.split(":")[0] for part in prices.split(",") if part.count(":") == 2]
        takes = {f"person-{position}-takes": skus for position in range(people)}
        data = {**details_data(people), **takes, "prices": prices, "reviewed": "1", **changes}
        return self.post("/checkout/", data)


def confirm(client: Client, order: Order, **answer: str):
    """Confirm in this browser whose order it is, by default with its e-mail address."""
    data = answer or {"question": "email", "email": order.email}
    address = reverse("checkout:confirm", args=[order.secret])
    return client.post(address, data, headers={"Sec-Fetch-Site": "same-origin"})


def details_data(people: int = 1) -> dict:
    """Return what a buyer types on the details page."""
    data = {
        "people": str(people),
        "buyer_name": "Jo Sample",
        "email": "jo@example.org",
        "phone": "",
        "recipient_name": "",
        "address_line_1": "1 Example Street",
        "address_line_2": "",
        "city": "Sampleton",
        "region": "NY",
        "postal_code": "12345",
        "country": "US",
        "person-0-is_buyer": "on",
        **{f"consent-{text.pk}": "on" for text in make_consent_texts()},
    }
    for position in range(people):
        data |= {
            f"person-{position}-name": f"Person {position + 1}" if position else "",
            f"person-{position}-date_of_birth_0": "27",
            f"person-{position}-date_of_birth_1": "3",
            f"person-{position}-date_of_birth_2": "1984",
            f"person-{position}-sex_at_birth": "female",
        }
    return data


@pytest.fixture
def browser(db) -> Browser:
    make_site_settings()
    make_ready_to_sell()
    return Browser()
