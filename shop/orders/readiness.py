"""Whether the shop has what selling needs, and in words for staff what is missing.

Without the words of a consent, the terms, or a tax rate, an order would be taken that nobody can stand for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length, Substr
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries
from wagtail.models import Page, Site

from cms.core.calendar import site_today
from cms.core.checks import NOBODY_HOST
from cms.core.listing import listed_pages
from cms.core.models import SiteSettings
from cms.page_cache.versions import remember
from shop.catalogue.models import Package, PackagePage
from shop.catalogue.tax import TaxRates
from shop.orders.models import ConsentKind, ConsentText

# Slugs directly below the home page; checkout links to them, so that a buyer can read what they agree to.
LEGAL_PAGES = {"terms": gettext_lazy("terms of sale"), "privacy": gettext_lazy("privacy notice")}
NOT_READY = gettext_lazy("We cannot take orders yet. Nothing has been ordered or charged.")


@dataclass(frozen=True)
class Missing:
    """Something that selling needs: what is missing, in words for staff, and where in the admin to add it."""

    text: str
    url: str


@dataclass(frozen=True)
class Found:
    """What is there in this moment: each consent text's kind, the sites that sell, and the rates."""

    consent_kinds: dict[int, str]
    sites: list[Site]  # each with `has_terms` and so on, of LEGAL_PAGES
    tax_rates: TaxRates

    def of_site(self, site: Site) -> str:
        """Return the site's name for a sentence, empty while there is no other that it could be taken for."""
        return f" ({site})" if len(self.sites) > 1 else ""


def look(day: date) -> Found:
    """Return what the database has of what selling needs, in three queries."""
    return Found(
        consent_kinds=dict(ConsentText.objects.values_list("pk", "kind")),
        sites=list(_selling_sites()),
        tax_rates=TaxRates(day),
    )


def _selling_sites() -> QuerySet[Site]:
    """Return the default site, and each that presents a package: checkout links to the reader's own site."""
    parent_path = Substr("path", 1, Length("path") - Page.steplen, output_field=CharField())
    below_home = listed_pages().alias(parent_path=parent_path).filter(parent_path=OuterRef("root_page__path"))
    offers = PackagePage.objects.live().order_by().filter(path__startswith=OuterRef("root_page__path"))
    has_pages = {f"has_{slug}": Exists(below_home.filter(slug=slug)) for slug in LEGAL_PAGES}
    return Site.objects.filter(Q(is_default_site=True) | Exists(offers)).annotate(**has_pages)


def missing_of(found: Found) -> list[Missing]:
    """Return what selling needs and is not there.

    Without a query while nothing is missing; in production one, and one while a country has no rate for all
    packages.
    """
    return [
        *_missing_consents(found),
        *_missing_pages(found),
        *_missing_rates(found.tax_rates),
        *_missing_addresses(found),
    ]


def missing_for_selling() -> list[Missing]:
    """Return the same as it is in this moment."""
    return missing_of(look(site_today()))


def is_ready() -> bool:
    """Return whether the shop sells, mostly without a query.

    Only a yes is kept, until the next purge: whoever adds the last thing opens the shop at once. Placing an
    order asks the database itself.
    """
    return bool(remember("shop-is-ready", lambda: not missing_for_selling() or None))


def _missing_consents(found: Found) -> list[Missing]:
    there = set(found.consent_kinds.values())
    return [
        Missing(_("The consent “%(kind)s” has no text.") % {"kind": kind.label}, reverse("consent-texts:add"))
        for kind in ConsentKind
        if kind not in there
    ]


def _missing_pages(found: Found) -> list[Missing]:
    if not any(site.is_default_site for site in found.sites):
        return [Missing(_("There is no default site."), reverse("wagtailsites:index"))]
    message = _(
        "Nobody can read the %(name)s%(of_site)s: publish a page with the slug “%(slug)s” directly below the "
        "home page, open to everybody."
    )
    return [
        Missing(
            message % {"name": name, "slug": slug, "of_site": found.of_site(site)},
            reverse("wagtailadmin_explore", args=[site.root_page_id]),
        )
        for site in found.sites
        for slug, name in LEGAL_PAGES.items()
        if not getattr(site, f"has_{slug}")
    ]


def _missing_rates(rates: TaxRates) -> list[Missing]:
    """Return countries where neither all packages nor each sold one has a rate. Zero percent is a rate."""
    without = [country for country in settings.SHIPPING_COUNTRIES if rates.find(None, country) is None]
    if not without:
        return []
    sold = list(Package.objects.sold().values_list("pk", flat=True))
    names = [
        str(countries.name(country))
        for country in without
        if not sold or any(rates.find(package_id, country) is None for package_id in sold)
    ]
    if not names:
        return []
    message = _("No tax rate is valid today for %(countries)s. Where no tax is due, add 0 percent.")
    return [Missing(message % {"countries": get_text_list(names, _("and"))}, reverse("tax-rates:add"))]


def _missing_addresses(found: Found) -> list[Missing]:
    """Return each site without a support address. The sender's is judged with the settings (E009)."""
    if settings.ENVIRONMENT != "production":
        return []
    addresses = dict(SiteSettings.objects.filter(site__in=found.sites).values_list("site", "support_email"))
    message = _("The support e-mail%(of_site)s is missing or an example: buyers could ask nobody.")
    return [
        Missing(
            message % {"of_site": found.of_site(site)},
            reverse("wagtailsettings:edit", args=["core", "sitesettings", site.pk]),
        )
        for site in found.sites
        if _is_nobodys(addresses.get(site.pk, ""))
    ]


def _is_nobodys(address: str) -> bool:
    host = address.rpartition("@")[2]
    return not host or bool(NOBODY_HOST.search(host.lower()))


@register(Tags.security, deploy=True)
def check_before_deployment(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Check for `check --deploy`, where the database can be reached."""
    return _messages(Error, "checkup.E023")


@register(Tags.database)
def check_database(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: object
) -> list[CheckMessage]:
    """Check for `check --database default`; a warning, because an error would stop `migrate` too."""
    return _messages(Warning, "checkup.W003") if "default" in (databases or ()) else []


def _messages(level: type[Error] | type[Warning], identifier: str) -> list[CheckMessage]:
    try:
        missing = missing_for_selling()
    except DatabaseError:  # it cannot be reached, or has no tables yet
        return []
    return [
        level(f"The shop does not sell: {item.text}", hint=_hint(item.url), id=identifier) for item in missing
    ]


def _hint(url: str) -> str:
    return f"Add it in the admin: {settings.PUBLIC_BASE_URL}{url}"
