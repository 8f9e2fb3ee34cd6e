import pytest
from django.test import Client

from tests.documents import things_of
from tests.factories.shop import make_package
from tests.factories.site import make_package_page


@pytest.mark.django_db
@pytest.mark.parametrize(("availability", "word"), [("available", "InStock"), ("withdrawn", "Discontinued")])
def test_a_product_costs_what_the_catalogue_charges(availability: str, word: str):
    package = make_package(price_amount=8950, availability=availability)
    offer = things_of(Client().get(make_package_page(package).url).content.decode())["Product"]["offers"]
    assert offer["price"] == "89.50"
    assert offer["priceCurrency"] == "USD"
    assert offer["availability"] == f"https://schema.org/{word}"


@pytest.mark.django_db
def test_a_product_says_for_whom_it_is():
    package = make_package(suitable_sex="female", maximum_age=44)
    product = things_of(Client().get(make_package_page(package).url).content.decode())["Product"]
    assert product["audience"] == {
        "@type": "PeopleAudience",
        "suggestedGender": "female",
        "suggestedMinAge": 18,
        "suggestedMaxAge": 44,
    }
