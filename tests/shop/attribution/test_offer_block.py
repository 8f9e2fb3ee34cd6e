import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.blocks import StreamBlock

from shop.attribution.blocks import OfferBlock
from shop.catalogue.models import Availability
from tests.factories.shop import any_page, make_package, make_package_page

pytestmark = pytest.mark.django_db


class Body(StreamBlock):
    offer = OfferBlock()


def body_with(*packages):
    return Body().to_python(
        [
            {"type": "offer", "id": str(package.pk), "value": {"package": package.pk, "reason": "It fits."}}
            for package in packages
        ]
    )


def context_of(package) -> dict:
    block = body_with(package)[0]
    parent = {"page": any_page(), "request": RequestFactory().get("/")}
    return block.block.get_context(block.value, parent)


def test_offer_leads_to_the_packages_page_and_remembers_where_it_stood():
    page = make_package_page()
    context = context_of(page.package)
    assert context["offer_url"] == f"{page.url}?from={any_page().pk}"
    assert context["offer_package"] == page.package
    assert context["is_available"]


def test_withdrawn_package_is_not_offered():
    page = make_package_page(make_package(availability=Availability.WITHDRAWN))
    assert not context_of(page.package)["is_available"]


def test_package_without_a_live_page_is_not_offered():
    assert not context_of(make_package(has_page=False))["is_available"]
    assert not context_of(make_package_page(live=False).package)["is_available"]


def test_deleted_package_leaves_an_offer_that_shows_nothing():
    package = make_package()
    body = Body().to_python(
        [{"type": "offer", "id": "a", "value": {"package": package.pk + 1000, "reason": "It fits."}}]
    )
    assert not body[0].block.get_context(body[0].value, {})["is_available"]
    assert "offer" not in body[0].render()


def test_many_offers_cost_as_many_queries_as_one():
    def queries(*packages) -> int:
        body = body_with(*packages)
        parent = {"page": any_page(), "request": RequestFactory().get("/")}
        with CaptureQueriesContext(connection) as captured:
            for child in body:
                child.block.get_context(child.value, parent)["offer_url"]
        return len(captured)

    pages = [make_package_page() for _number in range(4)]
    queries(pages[0].package)  # the site's own address is kept for all requests
    one = queries(pages[0].package)
    assert queries(*(page.package for page in pages)) == one


def test_the_same_package_may_be_offered_twice():
    package = make_package_page().package
    assert [child.value["package"].pk for child in body_with(package, package)] == [package.pk, package.pk]


def test_preview_takes_a_package_that_is_sold():
    make_package_page(make_package(availability=Availability.WITHDRAWN))
    sold = make_package_page().package
    assert OfferBlock().get_preview_value()["package"] == sold
