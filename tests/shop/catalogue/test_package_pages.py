import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.catalogue.models import Availability
from shop.catalogue.models.pages import PackagePage, RelatedLink
from tests.factories.shop import any_page, make_package, make_package_index, make_package_page

pytestmark = pytest.mark.django_db

INDEX_BUDGET = 12
PACKAGE_BUDGET = 10


@pytest.fixture(autouse=True)
def _uncached(settings):
    settings.PAGE_CACHE = False


def queries(client: Client, address: str) -> list[str]:
    client.get(address)  # what is kept for all requests (content types, the menu) is no part of a page's cost
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured]


def test_index_shows_what_is_sold_with_its_facts(client):
    make_package_page(make_package(name="Iron check", price_amount=4550, turnaround_days=1))
    make_package_page(make_package(name="Old check", availability=Availability.WITHDRAWN))
    text = client.get("/health-checks/").content.decode()
    assert "Iron check" in text
    assert "$45.50" in text
    assert "results in 1 working day" in text
    assert "1 biomarker" in text
    assert "Old check" not in text


def test_index_queries_do_not_grow_with_the_packages(client):
    make_package_page()
    few = queries(client, "/health-checks/")
    for _number in range(5):
        make_package_page()
    many = queries(client, "/health-checks/")
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= INDEX_BUDGET, "\n".join(many)


def test_page_says_what_is_measured_and_offers_it(client):
    page = make_package_page(make_package(preparation="No breakfast.", price_amount=9900))
    text = client.get(page.url).content.decode()
    for words in ("$99", "No breakfast.", "Iron", "How much iron the body keeps.", "18 years or older"):
        assert words in text
    assert text.count('action="/basket/add/"') == 2
    assert "csrfmiddlewaretoken" not in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"suitable_sex": "female"}, "Women of 18 years or older"),
        ({"suitable_sex": "male", "maximum_age": 44}, "Men from 18 to 44 years"),
    ],
)
def test_page_says_for_whom_the_package_is(client, changes, words):
    assert words in client.get(make_package_page(make_package(**changes)).url).content.decode()


def test_a_page_without_results_of_its_own_draws_no_other_tests_report(client):
    page = make_package_page()
    assert "Sample report" not in client.get(page.url).content.decode()
    page.sample_report = [("result", {"name": "Chlamydia", "value": "Not detected"})]
    page.save()
    text = client.get(page.url).content.decode()
    assert "Sample report" in text
    assert "iron stores" not in text


def test_price_comes_from_the_catalogue_row(client):
    page = make_package_page(make_package(price_amount=9900))
    page.package.price_amount = 10500
    page.package.save()
    text = client.get(page.url).content.decode()
    assert "$105" in text
    assert "$99" not in text


def test_withdrawn_package_is_told_and_not_offered(client):
    page = make_package_page(make_package(availability=Availability.WITHDRAWN))
    text = client.get(page.url).content.decode()
    assert "We no longer sell this health check" in text
    assert "/basket/add/" not in text
    assert "InStock" not in text


def test_page_without_a_package_still_opens(client):
    page = make_package_page(slug="draft")
    PackagePage.objects.filter(pk=page.pk).update(package=None)
    assert client.get(page.url).status_code == 200


def test_page_stays_within_its_budget_however_many_pages_are_related(client):
    page = make_package_page()
    for _number in range(3):
        RelatedLink.objects.create(page=page, target=make_package_page())
    found = queries(client, page.url)
    assert len(found) <= PACKAGE_BUDGET, "\n".join(found)


def test_related_pages_keep_the_editors_order_and_leave_out_drafts():
    page = make_package_page()
    first, second, draft = make_package_page(), make_package_page(), make_package_page(live=False)
    for position, target in enumerate((second, draft, first, any_page())):
        RelatedLink.objects.create(page=page, target=target, sort_order=position)
    assert [related.pk for related in page.related_pages()] == [second.pk, first.pk]


def test_everybody_gets_the_same_bytes_and_no_cookie(client):
    page = make_package_page()
    plain = client.get(page.url)
    other = Client(headers={"User-Agent": "Another"})
    other.cookies["basket"] = "somebody"
    response = other.get(page.url, {"from": "7"})
    assert response.content == plain.content
    assert not plain.cookies
    assert "Cookie" not in plain.headers.get("Vary", "")


def test_index_without_packages_says_so(client):
    make_package_index()
    assert "No health check is sold" in client.get("/health-checks/").content.decode()


def test_sold_out_package_is_told_and_not_offered_until_there_is_more(client):
    page = make_package_page(make_package(stock_quantity=0))
    text = client.get(page.url).content.decode()
    assert "None is left of this health check for now" in text
    assert "/basket/add/" not in text
    assert "https://schema.org/SoldOut" in text
    assert "Sold out" in client.get("/health-checks/").content.decode()
    page.package.stock_quantity = 1
    page.package.save()
    assert "/basket/add/" in client.get(page.url).content.decode()
