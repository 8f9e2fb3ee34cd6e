"""An address is checked by the rules of its own country, and a real one is never refused."""

import pytest

from shop.checkout.addresses import rules_of
from shop.checkout.forms import AddressForm, ContactForm
from shop.orders.models import Order
from tests.factories.shop import make_order, make_package

ADDRESS = {"address_line_1": "1 Example Street", "city": "Sampleton"}


def entered(**fields: str) -> AddressForm:
    return AddressForm(ADDRESS | fields)


@pytest.mark.parametrize(
    ("country", "region", "postal_code", "kept"),
    [
        ("US", "California", "90210", ("CA", "90210")),
        ("US", "d.c.", "200010001", ("DC", "20001-0001")),
        ("US", "ny\u200b", "１２３４５ 6789", ("NY", "12345-6789")),
        ("CA", "Quebec", "h3z2y7", ("QC", "H3Z 2Y7")),
        ("AU", "new south wales", "2060", ("NSW", "2060")),
        ("GB", "", "sw1a1aa", ("", "SW1A 1AA")),
        ("GB", "Greater London", "m2\u00a05bq", ("Greater London", "M2 5BQ")),
        ("IE", "", "", ("", "")),
        ("IE", "Clare", "a65f4e2", ("Clare", "A65 F4E2")),
        ("NZ", "", "6001", ("", "6001")),
        ("DE", "", "26133", ("", "26133")),
        ("HK", "九龍", "", ("Kowloon", "")),
        ("HK", "九龍", "９９９０７７\u200b", ("Kowloon", "999077")),  # the data knows no code there
    ],
)
def test_a_real_address_is_taken_and_written_as_its_country_does(
    settings, country, region, postal_code, kept
):
    settings.SHIPPING_COUNTRIES = [country]
    form = entered(country=country, region=region, postal_code=postal_code)
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["region"], form.cleaned_data["postal_code"]) == kept


@pytest.mark.parametrize(
    ("country", "region", "postal_code", "errors"),
    [
        ("US", "NY", "!!!!", {"postal_code": "ZIP code: in this country it is written like 95014."}),
        ("US", "Nowhere", "12345", {"region": "State: unknown in this country. Write a name"}),
        ("US", "", "", {"region": "Enter the state or region", "postal_code": "Enter the postal code."}),
        ("CA", "Ontario", "12345", {"postal_code": "in this country it is written like H3Z 2Y7."}),
        ("AU", "Nowhere", "2060", {"region": "such as Western Australia or WA"}),
        ("GB", "", "GIR 0AAXX", {"postal_code": "Postcode: in this country it is written like EC1Y 8SY."}),
        ("GB", "", "M2 5BQ and more", {"postal_code": "Postcode: in this country"}),
        ("IE", "", "!!!", {"postal_code": "Eircode: in this country it is written like A65 F4E2."}),
    ],
)  # fmt: skip
def test_what_is_none_is_told_with_an_example(settings, country, region, postal_code, errors):
    settings.SHIPPING_COUNTRIES = [country]
    form = entered(country=country, region=region, postal_code=postal_code)
    assert not form.is_valid()
    assert set(form.errors) == set(errors)
    for name, words in errors.items():
        assert words in form.errors[name][0]


@pytest.mark.parametrize(
    ("country", "words"),
    [("US", ("State", "ZIP code")), ("CA", ("Province", "Postal code")), ("IE", ("County", "Eircode")),
     ("AU", ("State", "Postcode")), ("GB", ("State or region", "Postcode"))],
)  # fmt: skip
def test_fields_have_the_words_of_the_country(country, words):
    fields = entered(country=country).fields
    assert (fields["region"].label, fields["postal_code"].label) == words


def test_a_country_without_data_refuses_nothing():
    rules = rules_of("XX")
    assert (rules.postal_code("!"), rules.region("?"), rules.needs_postal_code) == ("!", "?", False)


@pytest.mark.parametrize(
    "typed", ["(212) 555-0123 ext. 45", "＋１ ２１２ ５５５ ０１２３ x45\u200b", "tel:+1-212-555-0123;ext=45"]
)
@pytest.mark.django_db
def test_an_extension_is_kept(typed):
    form = ContactForm({"buyer_name": "Jo", "email": "jo@example.org", "phone": typed}, country="US")
    assert form.is_valid(), form.errors
    order = make_order(package=make_package(), phone=form.cleaned_data["phone"].as_rfc3966)
    Order.objects.filter(pk=make_order().pk).update(phone="+12125550123")  # kept so before
    assert {number.as_international for number in Order.objects.values_list("phone", flat=True)} == {
        "+1 212-555-0123", "+1 212-555-0123 ext. 45",
    }  # fmt: skip
    assert order.phone == Order.objects.get(pk=order.pk).phone
