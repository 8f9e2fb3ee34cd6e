"""Rows of the shop for tests: whole and valid, made by the functions that the site itself uses."""

from datetime import date
from itertools import count
from uuid import uuid4

from django.conf import settings
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from cms.core.models import SiteSettings
from home.models import PlainPage
from shop.catalogue.models import (
    Biomarker,
    Package,
    PackageBiomarker,
    PackageIndexPage,
    PackagePage,
    Panel,
    TaxRate,
)
from shop.discounts.models import DiscountCode
from shop.orders.models import ConsentKind, ConsentText, Order, SexAtBirth
from shop.orders.people import PersonDetails
from shop.orders.placing import LineRequest, OrderDetails, place_order
from shop.orders.readiness import LEGAL_PAGES
from shop.payments.models import Payment, PaymentState

numbers = count(1)


def make_package(*, has_page: bool = True, **changes) -> Package:
    """Make a package that measures one biomarker, costs 99 dollars, and is presented by a live page."""
    number = next(numbers)
    package = Package.objects.create(
        **{
            "sku": f"T{number}",
            "name": f"Test package {number}",
            "summary": "Measures something",
            "price_amount": 9900,
            "collection": "At home",
            "preparation": "None",
            "turnaround_days": 3,
            **changes,
        }
    )
    panel, _created = Panel.objects.get_or_create(key="iron", defaults={"name": "Iron"})
    biomarker, _created = Biomarker.objects.get_or_create(
        key="FER",
        defaults={
            "name": "Ferritin",
            "panel": panel,
            "loinc": "2276-4",
            "ucum": "ng/mL",
            "purpose": "iron stores",
            "explanation": "How much iron the body keeps.",
        },
    )
    PackageBiomarker.objects.create(package=package, biomarker=biomarker)
    if has_page:
        make_package_index().add_child(instance=package_page(package))
    return package


def make_package_index() -> PackageIndexPage:
    """Return the index at /health-checks/, made once."""
    existing = PackageIndexPage.objects.first()
    if existing:
        return existing
    return make_site().root_page.add_child(
        instance=PackageIndexPage(title="Health checks", slug="health-checks")
    )


def package_page(package: Package, **changes) -> PackagePage:
    """Return an unsaved page that presents the package."""
    values = {"title": package.name, "slug": package.sku.lower(), "package": package}
    return PackagePage(**{**values, **changes})


def make_package_page(package: Package | None = None, **changes) -> PackagePage:
    """Return the live page of a package, at /health-checks/<its SKU in lower case>/."""
    package = package or make_package()
    page = PackagePage.objects.select_related("package").get(package=package)
    for name, value in {"introduction": "An introduction.", **changes}.items():
        setattr(page, name, value)
    page.save()
    return page


def any_page() -> Page:
    """Return a live page that an offer may stand on."""
    return Site.objects.get(is_default_site=True).root_page


def delete_package(package: Package) -> None:
    """Delete a package as an editor would: its page goes first."""
    PackagePage.objects.get(package=package).delete()
    package.delete()


def make_consent_texts() -> list[ConsentText]:
    """Make version 1 of each kind, once."""
    return [
        ConsentText.objects.get_or_create(kind=kind, version=1, defaults={"text": f"I agree to {kind}"})[0]
        for kind in ConsentKind
    ]


def make_ready_to_sell() -> None:
    """Add what selling needs where it is missing: consents, terms, privacy, and tax rates of zero."""
    make_consent_texts()
    home = make_site().root_page
    existing = set(home.get_children().filter(slug__in=LEGAL_PAGES).values_list("slug", flat=True))
    for slug, name in LEGAL_PAGES.items():
        if slug not in existing:
            home.add_child(instance=PlainPage(title=str(name).capitalize(), slug=slug))
    taxed = set(TaxRate.objects.filter(package=None).values_list("country", flat=True))
    TaxRate.objects.bulk_create(
        TaxRate(country=country, rate=0, valid_from=date(2000, 1, 1))
        for country in settings.SHIPPING_COUNTRIES
        if country not in taxed
    )


def make_person(**changes) -> PersonDetails:
    """Return somebody to be tested, of full age."""
    return PersonDetails(
        **{
            "name": "Jo Sample",
            "date_of_birth": date(1985, 4, 2),
            "sex_at_birth": SexAtBirth.FEMALE,
            **changes,
        }
    )


def make_details(*, people: int | list[PersonDetails] = 1, **changes) -> OrderDetails:
    """Return what a buyer enters for these people or as many, and make the shop ready to sell."""
    make_ready_to_sell()
    if isinstance(people, int):
        people = [make_person(name=f"Person {number}") for number in range(1, people + 1)]
    return OrderDetails(
        **{
            "email": "jo@example.org",
            "buyer_name": "Jo Sample",
            "recipient_name": "Jo Sample",
            "address_line_1": "1 Example Street",
            "city": "Sampleton",
            "postal_code": "12345",
            "country": "US",
            "people": people,
            "consent_text_ids": [text.pk for text in make_consent_texts()],
            **changes,
        }
    )


def make_order(*, package: Package | None = None, quantity: int = 1, **changes) -> Order:
    """Place an order that awaits payment."""
    line = LineRequest(package=package or make_package(), quantity=quantity)
    return place_order(make_details(people=quantity, **changes), [line])


def make_payment(order: Order, **changes) -> Payment:
    """Make a payment that arrived for the order; the order's own status is left as it is."""
    values = {
        "idempotency_key": uuid4(),
        "payment_intent_id": f"pi_{uuid4().hex}",
        "amount": order.total_amount,
        "currency": order.currency,
        "state": PaymentState.SUCCEEDED,
        "expires_at": timezone.now(),
    }
    return Payment.objects.create(order=order, **{**values, **changes})


def make_code(code: str = "SPRING", *, packages: tuple[Package, ...] = (), **changes) -> DiscountCode:
    """Make a code that takes ten percent off, for these packages or for all."""
    discount_code = DiscountCode.objects.create(
        code=code, **(changes if "amount" in changes else {"percentage": 10} | changes)
    )
    discount_code.packages.set(packages)
    return discount_code


def make_site() -> Site:
    """Return the default site, made anew after a test that emptied the database."""
    site = Site.objects.filter(is_default_site=True).first()
    if site:
        return site
    Locale.objects.get_or_create(language_code="en-gb")
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    return Site.objects.create(hostname="localhost", root_page=root, is_default_site=True)


def make_site_settings(**changes) -> SiteSettings:
    """Return the default site's settings, with an address for staff."""
    site_settings = SiteSettings.for_site(make_site())
    for name, value in {"staff_email": "orders@checkup.example", **changes}.items():
        setattr(site_settings, name, value)
    site_settings.save()
    return site_settings
