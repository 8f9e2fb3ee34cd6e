"""From an empty database nothing is sold, and staff read what is missing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from wagtail.models import Page, PageViewRestriction, Site

from cms.core.calendar import site_today
from cms.core.models import SiteSettings
from home.models import HomePage, PlainPage
from shop.catalogue.models import TaxRate
from shop.mail.models import OutboxMail
from shop.orders.models import ConsentKind, ConsentText, Order
from shop.orders.placing import LineRequest, place_order
from shop.orders.readiness import (
    LEGAL_PAGES,
    check_before_deployment,
    check_database,
    is_ready,
    missing_for_selling,
)
from shop.orders.refusals import ShopNotReady
from shop.payments.models import Payment
from tests.factories.shop import (
    make_details,
    make_package,
    make_ready_to_sell,
    make_site_settings,
    package_page,
)
from tests.shop.checkout.conftest import Browser, details_data


def _page(slug: str) -> Page:
    return Page.objects.get(slug=slug)


def _restrict_privacy() -> None:
    PageViewRestriction.objects.create(page=_page("privacy"), restriction_type=PageViewRestriction.LOGIN)


def _rate_from_tomorrow() -> None:
    rate = TaxRate.objects.get(country="CA")
    rate.valid_from = site_today() + timedelta(days=1)
    rate.save()


def _rate_for_another_package() -> None:
    rate = TaxRate.objects.get(country="CA")
    rate.package = make_package(has_page=False)
    rate.save()


MISSING: dict[str, tuple[Callable[[], object], str]] = {
    **{
        f"consent {kind}": (lambda kind=kind: ConsentText.objects.filter(kind=kind).delete(), str(kind.label))
        for kind in ConsentKind
    },
    "no terms": (lambda: _page("terms").delete(), "terms of sale"),
    "terms are a draft": (lambda: _page("terms").unpublish(), "terms of sale"),
    "terms elsewhere": (lambda: _page("terms").move(_page("privacy"), "last-child"), "terms of sale"),
    "privacy restricted": (_restrict_privacy, "privacy notice"),
    "no rate of one country": (lambda: TaxRate.objects.filter(country="CA").delete(), "Canada"),
    "a rate from tomorrow": (_rate_from_tomorrow, "Canada"),
    "a rate of another package": (_rate_for_another_package, "Canada"),
    "support e-mail": (lambda: make_site_settings(support_email="help@checkup.example"), "support e-mail"),
}


@pytest.fixture
def production(browser, settings) -> Browser:
    """Make a shop in production that has all it needs."""
    make_site_settings(support_email="help@checkup.health")
    settings.ENVIRONMENT = "production"
    return browser


def nothing_was_ordered() -> bool:
    return not (Order.objects.exists() or OutboxMail.objects.exists() or Payment.objects.exists())


@pytest.mark.parametrize(("take_away", "words"), MISSING.values(), ids=MISSING)
def test_each_missing_thing_alone_stops_the_sale(
    production, take_away, words, admin_client, django_capture_on_commit_callbacks
):
    package = make_package()
    production.add(package)
    form = {**details_data(), "prices": production.displayed_prices(), "city": "Nowhere-on-Sea"}
    details = make_details()
    assert missing_for_selling() == []
    with django_capture_on_commit_callbacks() as purges:
        take_away()

    # What is kept still says yes: placing itself asks.
    with pytest.raises(ShopNotReady):
        place_order(details, [LineRequest(package, 1)])
    for purge in purges:
        purge()
    basket = production.get("/basket/").content.decode()
    assert "We cannot take orders yet" in basket
    assert "/basket/continue/" not in basket
    assert production.get("/checkout/").url == "/basket/"
    sent = production.post("/checkout/", form)
    assert sent.status_code == 409
    assert "We cannot take orders yet. Nothing has been ordered" in sent.content.decode()
    assert "What you typed is kept on this page" in sent.content.decode()
    assert "Nowhere-on-Sea" in sent.content.decode()
    assert nothing_was_ordered()
    [item] = missing_for_selling()
    assert words in item.text
    assert admin_client.get(item.url, follow=True).status_code == 200


def test_a_second_site_that_sells_needs_its_own_terms_and_address(production):
    make_package()
    other = Page.objects.get(depth=1).add_child(instance=HomePage(title="Other", slug="other"))
    site = Site.objects.create(hostname="other.test", site_name="Other", root_page=other)
    assert missing_for_selling() == []

    other.add_child(instance=package_page(make_package(has_page=False)))

    texts = [item.text for item in missing_for_selling()]
    assert [text.partition(" (Other)")[0] for text in texts] == [
        "Nobody can read the terms of sale", "Nobody can read the privacy notice", "The support e-mail",
    ]  # fmt: skip
    for slug in LEGAL_PAGES:
        other.add_child(instance=PlainPage(title=slug, slug=slug))
    SiteSettings.objects.create(site=site, support_email="help@other.health")
    assert missing_for_selling() == []


def test_an_empty_database_sells_nothing_and_says_why(db, staff_panel):
    browser = Browser()
    browser.add(make_package())

    assert "We cannot take orders yet" in browser.get("/basket/").content.decode()
    assert browser.post("/checkout/", {**details_data(), "prices": "any"}).status_code == 409
    assert nothing_was_ordered()
    assert "The shop does not sell yet" in staff_panel()
    assert "Nothing waits" not in staff_panel()


def test_it_opens_with_the_last_thing(db, staff_panel):
    browser = Browser()
    browser.add(make_package())
    assert "/basket/continue/" not in browser.get("/basket/").content.decode()

    make_ready_to_sell()

    assert "/basket/continue/" in browser.get("/basket/").content.decode()
    assert browser.get("/checkout/").status_code == 200
    assert "does not sell yet" not in staff_panel()


def test_a_rate_of_each_sold_package_is_enough(db):
    make_ready_to_sell()
    TaxRate.objects.filter(country="CA").delete()
    TaxRate.objects.create(country="CA", package=make_package(), rate=5, valid_from="2020-01-01")
    make_package(has_page=False)  # not sold

    assert is_ready()


def test_the_details_page_links_to_pages_that_can_be_read(browser):
    browser.add(make_package())
    page = browser.get("/checkout/").content.decode()

    for address in ("/terms/", "/privacy/"):
        assert f'href="{address}"' in page
        assert browser.get(address).status_code == 200


def test_the_checks_say_what_is_missing_and_migrate_goes_on(db):
    errors = check_before_deployment(None)
    assert {error.id for error in errors} == {"checkup.E023"}
    assert len(errors) == len(missing_for_selling()) == len(ConsentKind) + 3
    assert {warning.id for warning in check_database(None, databases=["default"])} == {"checkup.W003"}
    assert check_database(None, databases=None) == []
    told = {message.id for message in run_checks(include_deployment_checks=True, databases=["default"])}
    assert {"checkup.E023", "checkup.W003"} <= told
    call_command("check", databases=["default"])  # errors would raise

    make_ready_to_sell()

    assert check_before_deployment(None) == check_database(None, databases=["default"]) == []


@pytest.fixture
def staff_panel(admin_client) -> Callable[[], str]:
    return lambda: admin_client.get("/admin/").content.decode()
