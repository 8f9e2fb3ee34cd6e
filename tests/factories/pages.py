"""Pages of the shop for tests, below the default site's own home page."""

from wagtail.models import Page, Site

from shop.catalogue.models import Package, PackageIndexPage, PackagePage
from tests.factories.shop import make_package


def make_package_index() -> PackageIndexPage:
    """The index at /health-checks/, made once."""
    existing = PackageIndexPage.objects.first()
    if existing:
        return existing
    home = Site.objects.get(is_default_site=True).root_page
    return home.add_child(instance=PackageIndexPage(title="Health checks", slug="health-checks"))


def make_package_page(package: Package | None = None, **changes) -> PackagePage:
    """A live page of a package, at /health-checks/<its SKU in small letters>/."""
    package = package or make_package()
    page = PackagePage(
        **{
            "title": package.name,
            "slug": package.sku.lower(),
            "introduction": "An introduction.",
            "package": package,
            **changes,
        }
    )
    return make_package_index().add_child(instance=page)


def any_page() -> Page:
    """A live page that an offer may stand on."""
    return Site.objects.get(is_default_site=True).root_page
