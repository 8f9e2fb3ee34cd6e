import pytest
from django.test import RequestFactory

from shop.attribution.origin import origin_page_id, with_origin
from tests.factories.shop import any_page, make_package_page

pytestmark = pytest.mark.django_db


def origin_with(referrer: str) -> int | None:
    return origin_page_id(RequestFactory().post("/basket/add/", headers={"Referer": referrer}))


def test_live_page_is_read_from_this_sites_referrer():
    page = any_page()
    assert origin_with(f"http://testserver/health-checks/t1/?from={page.pk}") == page.pk


@pytest.mark.parametrize(
    "referrer",
    [
        "",
        "http://testserver/health-checks/t1/",
        "http://testserver/?from=",
        "http://testserver/?from=-1",
        "http://testserver/?from=abc",
        "http://testserver/?from=²",
        "http://testserver/?from=99999999999999999999999999",
        "http://testserver/?from=999999",
        "http://elsewhere.example/?from={page}",
        "http://[broken/?from={page}",
    ],
)
def test_everything_else_gives_no_origin(referrer):
    assert origin_with(referrer.format(page=any_page().pk)) is None


def test_draft_is_no_origin():
    draft = make_package_page(live=False)
    assert origin_with(f"http://testserver/?from={draft.pk}") is None


def test_origin_is_added_to_an_address_only_when_both_exist():
    assert with_origin("/health-checks/t1/", 7) == "/health-checks/t1/?from=7"
    assert with_origin("/health-checks/t1/", None) == "/health-checks/t1/"
    assert with_origin("", 7) == ""
