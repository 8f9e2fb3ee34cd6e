"""What a package page says about itself to search engines; every text here is visible on the page."""

from typing import Any

from django.http import HttpRequest

from cms.core.currencies import to_decimal
from cms.core.structured_data import Thing, faq_page, picture_url


def product(page: Any, request: HttpRequest) -> list[Thing]:
    """Return what a package page is: the Product with its Offer, priced by the row, and its questions.

    Takes any page with `is_for_sale` and `package` (name, sku, price_amount, currency, is_sold_out,
    suitable_sex, minimum_age, maximum_age).
    """
    package = page.package
    url = page.address(request)
    if package is None:
        return []
    thing: Thing = {
        "@type": "Product",
        "@id": f"{url}#product",
        "name": page.title,
        "description": page.introduction or package.summary,
        "sku": package.sku,
        "url": url,
        "offers": {
            "@type": "Offer",
            "url": url,
            "price": str(to_decimal(package.price_amount, package.currency)),
            "priceCurrency": package.currency,
            "availability": f"https://schema.org/{_availability(page)}",
        },
        "audience": _audience(package),
    }
    if picture := picture_url(page, request):
        thing["image"] = picture
    return [thing, *faq_page(page.question_list(), url)]


def _audience(package: Any) -> Thing:
    """Return whom it is for: a sex in schema.org's words ("unisex" for everybody), ages in years."""
    audience: Thing = {
        "@type": "PeopleAudience",
        "suggestedGender": "unisex" if package.suitable_sex == "any" else package.suitable_sex,
        "suggestedMinAge": package.minimum_age,
    }
    if package.maximum_age is not None:
        audience["suggestedMaxAge"] = package.maximum_age
    return audience


def _availability(page: Any) -> str:
    if not page.is_for_sale:
        return "Discontinued"
    return "SoldOut" if page.package.is_sold_out else "InStock"
