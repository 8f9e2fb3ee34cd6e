"""Pages of the shop for tests, below the default site's own home page."""

from wagtail.models import Page, Site

from shop.catalogue.models import Package, PackagePage
from tests.factories.shop import make_package


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
