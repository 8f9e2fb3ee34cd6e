"""What can be bought is what a live page, open to everybody, presents; wherever it is asked."""

import pytest
from wagtail.models import PageViewRestriction

from shop.catalogue.models import Package, PackageIndexPage, PackagePage
from shop.checkout.models import Basket
from shop.checkout.summary import summarise
from shop.orders.models import Order
from shop.orders.placing import LineRequest, place_order
from shop.orders.refusals import PackageUnavailable
from tests.factories.shop import make_details, make_package

pytestmark = pytest.mark.django_db


def restrict(page) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


TAKEN_AWAY = {
    "unpublished": lambda page: page.unpublish(),
    "deleted": lambda page: page.delete(),
    "restricted": restrict,
    "below a restricted page": lambda page: restrict(page.get_parent()),
    "withdrawn": lambda page: Package.objects.filter(pk=page.package_id).update(availability="withdrawn"),
}


@pytest.mark.parametrize("how", TAKEN_AWAY)
def test_what_no_page_presents_to_everybody_is_sold_nowhere(client, how):
    kept, gone = make_package(), make_package()
    basket = Basket.objects.create(token="t")
    for package in (kept, gone):
        basket.lines.create(package=package, quantity=1, seen_amount=package.price_amount)
    assert not summarise(basket).withdrawn

    TAKEN_AWAY[how](PackagePage.objects.get(package=gone))

    is_kept_too = how != "below a restricted page"
    assert set(Package.objects.sold()) == ({kept} if is_kept_too else set())
    assert not Package.objects.get(pk=gone.pk).is_sold
    assert gone in [item.package for item in summarise(basket).withdrawn]
    cards = PackagePage.objects.for_cards().values_list("package", flat=True)
    assert gone.pk not in cards
    added = client.post("/basket/add/", {"package": gone.sku}, headers={"Sec-Fetch-Site": "same-origin"})
    assert added.status_code == 410
    with pytest.raises(PackageUnavailable):
        place_order(make_details(), [LineRequest(package=gone, quantity=1)])
    assert not Order.objects.exists()


def test_the_basket_says_what_is_no_longer_sold_and_leads_nowhere(client):
    package = make_package(name="Iron check")
    client.post("/basket/add/", {"package": package.sku}, headers={"Sec-Fetch-Site": "same-origin"})
    page = PackagePage.objects.get(package=package)
    page.unpublish()

    text = client.get("/basket/").content.decode()

    assert "We no longer sell this health check" in text
    assert page.get_url() not in text
    assert client.get("/checkout/").url == "/basket/?notice=withdrawn"


def test_who_is_let_in_to_a_restricted_page_cannot_buy_from_it(admin_client):
    page = PackagePage.objects.get(package=make_package())
    restrict(PackageIndexPage.objects.get())

    response = admin_client.get(page.get_url())

    text = response.content.decode()
    assert response.status_code == 200
    assert "Add to basket" not in text
    assert "schema.org/Discontinued" in text
