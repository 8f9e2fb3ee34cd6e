import pytest
from django.urls import reverse
from django.utils import timezone

from shop.checkout.access.confirmation import knows_email
from shop.checkout.models import Basket
from shop.checkout.tasks import answer_link_requests
from shop.discounts.reserving import customer_key
from shop.orders.models import ConsentKind, ConsentText, Order
from shop.payments.models import Payment
from shop.privacy.traces import orders_of
from tests.factories.shop import make_code, make_package
from tests.shop.checkout.conftest import details_data


def errors_of(response) -> list[str]:
    forms = response.context["forms"].all
    return [str(text) for form in forms for texts in form.errors.values() for text in texts]


def test_empty_basket_is_sent_back_kindly(browser):
    response = browser.get("/checkout/")
    assert (response.status_code, response.url) == (303, "/basket/?notice=empty")
    assert "nothing in your basket yet" in browser.get(response.url).content.decode()


def test_page_asks_for_as_many_people_as_the_largest_line(browser):
    browser.add(make_package(), 3)
    response = browser.get("/checkout/")
    assert len(response.context["forms"].people) == 3
    text = response.content.decode()
    assert "person 3 of 3" in text
    for attribute in (
        'autocomplete="email"',
        'autocomplete="shipping postal-code"',
        'inputmode="numeric"',
        'inputmode="tel"',
    ):
        assert attribute in text


def test_details_become_an_order_and_lead_to_payment(browser, standin):
    package = make_package(price_amount=9900)
    browser.add(package, 2)
    response = browser.send_details(people=2, phone="(212) 555-0123")
    order = Order.objects.get()
    assert (response.status_code, response.url) == (303, Payment.objects.get().url)
    assert response.url.startswith(standin.base_url)
    assert order.total_amount == 19800
    assert order.recipient_name == "Jo Sample"
    assert str(order.phone) == "+12125550123"
    assert list(order.people.values_list("name", flat=True)) == ["Jo Sample", "Person 2"]
    assert order.consents.count() == 3
    assert Basket.objects.get().order == order
    # Nothing leaves the basket before the money is there.
    assert browser.get("/basket/count/").json() == {"count": 2}


def test_everything_missing_is_told_at_once_and_nothing_is_lost(browser):
    browser.add(make_package())
    response = browser.send_details(
        **{
            "buyer_name": "",
            "person-0-is_buyer": "",
            "person-0-date_of_birth_1": "",
            "city": "",
            "region": "",
        }
    )
    assert response.status_code == 422
    assert not Order.objects.exists()
    text = response.content.decode()
    assert 'href="#id_buyer_name"' in text
    assert 'href="#id_person-0-date_of_birth_0"' in text
    assert 'value="1 Example Street"' in text
    assert 'value="1984"' in text
    assert errors_of(response) == [
        "Enter your name.",
        "Enter the name of the person who is tested.",
        "The date of birth needs a day, a month and a year.",
        "Enter the town or city.",
        "Enter the state or region: parcels to this country need it.",
    ]


@pytest.mark.parametrize(
    ("day", "month", "year", "words"),
    [
        ("31", "2", "1984", "does not exist"),
        ("1", "1", "84", "four digits"),
        ("one", "1", "1984", "does not exist"),
        ("1", "1", "2999", "future"),
        ("1", "1", "1850", "Check the year"),
        ("", "", "", "Enter the date of birth"),
        ("²", "1", "1984", "does not exist"),
    ],
)
def test_impossible_date_of_birth_is_explained(browser, day, month, year, words):
    browser.add(make_package())
    parts = {"0": day, "1": month, "2": year}
    response = browser.send_details(**{f"person-0-date_of_birth_{n}": part for n, part in parts.items()})
    assert [error for error in errors_of(response) if words in error]
    assert not Order.objects.exists()


def test_somebody_too_young_is_refused_in_plain_words(browser):
    browser.add(make_package(minimum_age=18))
    response = browser.send_details(
        **{
            "person-0-date_of_birth_0": "25",
            "person-0-date_of_birth_1": "11",
            "person-0-date_of_birth_2": str(timezone.localdate().year - 17),
        }
    )
    assert response.status_code == 422
    assert "for people aged 18 or older" in response.content.decode()
    assert not Order.objects.exists()


def test_missing_consent_is_refused(browser):
    browser.add(make_package())
    text = ConsentText.objects.get(kind=ConsentKind.TERMS)
    response = browser.send_details(**{f"consent-{text.pk}": ""})
    assert errors_of(response) == ["Accept the terms of sale to go on."]


def test_consent_to_an_older_wording_shows_the_new_one(browser):
    browser.add(make_package())
    data = details_data()
    newer = ConsentText.objects.create(kind=ConsentKind.TERMS, version=2, text="The newer wording")
    response = browser.post("/checkout/", {**data, "prices": browser.displayed_prices()})
    assert response.status_code == 422
    assert "The newer wording" in response.content.decode()
    assert not Order.objects.filter(consents__text=newer).exists()


def test_price_that_changed_meanwhile_is_shown_before_anything_is_ordered(browser, standin):
    package = make_package(price_amount=9900)
    browser.add(package)
    prices = browser.displayed_prices()
    package.price_amount = 10500
    package.save()
    response = browser.send_details(prices=prices)
    assert response.status_code == 409
    text = response.content.decode()
    assert "Was $99, now $105" in text
    assert "Nothing has been ordered" in text
    assert 'value="1 Example Street"' in text
    assert not Order.objects.exists()
    # Continuing accepts it.
    assert browser.send_details(prices=response.context["summary"].prices).status_code == 303
    assert Order.objects.get().total_amount == 10500


def test_the_same_number_in_another_currency_is_another_price(browser, standin):
    package = make_package(price_amount=9900)
    browser.add(package)
    prices = browser.displayed_prices()
    browser.send_details()
    package.currency = "JPY"
    package.save()

    response = browser.send_details(prices=prices)
    assert response.status_code == 409
    assert "Was $99, now JP¥9,900" in response.content.decode()
    assert browser.send_details().status_code == 303
    dollars, yen = Order.objects.order_by("pk")
    assert (dollars.status, yen.currency, yen.total_amount) == ("cancelled", "JPY", 9900)


@pytest.mark.parametrize("prices", ["", "T1:1:1", "nonsense"])
def test_price_of_the_browser_is_never_trusted(browser, prices):
    browser.add(make_package())
    response = browser.post("/checkout/", {**details_data(), "prices": prices})
    assert response.status_code == 409
    assert not Order.objects.exists()


def test_country_outside_the_list_is_refused(browser):
    browser.add(make_package())
    assert errors_of(browser.send_details(country="FR")) == ["Choose a country from the list."]


def test_country_without_states_needs_no_region(browser, standin):
    browser.add(make_package())
    assert (
        browser.send_details(
            country="GB", region="", postal_code="sw1a 1aa", phone="020 7946 0958"
        ).status_code
        == 303
    )
    assert str(Order.objects.get().phone) == "+442079460958"


def test_page_is_private(browser):
    browser.add(make_package())
    response = browser.get("/checkout/")
    assert response["Cache-Control"] == "no-store, private"
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "same-origin"
    assert "csrfmiddlewaretoken" not in response.content.decode()
    assert not [name for name in response.cookies if name in {"sessionid", "csrftoken"}]


def test_payment_provider_that_does_not_answer_costs_nothing(browser, standin, settings):
    browser.add(make_package())
    prices = browser.displayed_prices()
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    response = browser.send_details(prices=prices)
    assert response.status_code == 503
    order = Order.objects.get()
    text = response.content.decode()
    assert "Your order is kept and nothing has been charged" in text
    assert reverse("checkout:pay", args=[order.secret]) in text
    # The same button works as soon as the provider is back, for the same order.
    settings.STRIPE_API_BASE = standin.base_url
    again = browser.post(reverse("checkout:pay", args=[order.secret]))
    assert again.status_code == 303
    assert again.url.startswith(standin.base_url)
    assert Order.objects.count() == 1


def test_what_nobody_sees_in_an_identity_is_not_kept_and_whoever_types_it_again_is_known(browser, standin):
    make_code(customer_limit=1)
    browser.add(make_package())
    browser.post("/basket/code/", {"code": "ｓｐｒｉｎｇ\u200b"})

    browser.send_details(
        email="\u200eＡｎｎ@Example.com\u200b\ufeff",
        buyer_name="Siobha\u0301n\u00a0 O’Brien\x0b",
        postal_code="１２３４５\u200b",
    )

    order = Order.objects.get()
    assert (order.email, order.buyer_name) == ("Ann@example.com", "Siobh\u00e1n O’Brien")
    assert (order.postal_code, order.discount_code) == ("12345", "SPRING")
    assert knows_email(order, "ann@example.com\u2060")
    assert [found.pk for found in orders_of(" ANN@example.com\u200b")] == [order.pk]
    assert customer_key("ann@example.com\u00ad") == customer_key(order.email)
    browser.post(
        "/orders/find/",
        {"code": f"#{order.code[:4]}–{order.code[4:]}\u200b", "email": "ann@EXAMPLE.com\u00a0"},
    )
    assert answer_link_requests() == 1
