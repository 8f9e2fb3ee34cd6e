"""The ways through the site: main menu and footer, read once after each publication, and breadcrumbs."""

from dataclasses import astuple, dataclass, field
from typing import TypedDict

from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from cms.core.listing import listed
from cms.page_cache.versions import remember


@dataclass(frozen=True)
class Link:
    title: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Child:
    """A live page below the home page, as it is kept between requests."""

    title: str
    url: str
    model: str
    is_in_menu: bool


@dataclass
class Navigation:
    """The site's sections (in the menu), its plain pages (in the footer), and where each page type lives."""

    home_url: str = "/"
    main: list[Link] = field(default_factory=list)
    footer: list[Link] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)


def navigation(request: HttpRequest) -> Navigation:
    """Return live children of the home page, without a query until the next publication."""
    if not hasattr(request, "_navigation"):
        request._navigation = _read(request)  # type: ignore[attr-defined]  # kept on the request, as Wagtail does
    return request._navigation  # type: ignore[attr-defined]  # a name of our own on the request


def address_of(request: HttpRequest, model: str) -> str:
    """Return where the section of this page type lives ("packageindexpage"), or "" when it is not live."""
    return navigation(request).addresses.get(model, "")


def _read(request: HttpRequest) -> Navigation:
    result = Navigation()
    site = Site.find_for_request(request)
    if site is None:
        return result
    for kept in remember(f"navigation:{site.pk}", lambda: _children(site, request)):
        child = Child(*kept)
        link = Link(child.title, child.url, request.path.startswith(child.url))
        result.addresses.setdefault(child.model, child.url)
        if child.is_in_menu:
            result.main.append(link)
        else:
            result.footer.append(link)
    return result


def _children(site: Site, request: HttpRequest) -> list[tuple]:
    pages = listed(Page.objects.child_of(site.root_page))
    return [
        astuple(Child(page.title, url, page.content_type.model, page.show_in_menus))
        for page in pages.select_related("content_type")
        if (url := page.get_url(request, current_site=site))
    ]


class Crumb(TypedDict):
    title: str
    url: str


def breadcrumbs(page: Page, request: HttpRequest | None) -> list[Crumb]:
    """Return the page's ancestors from the home page down; empty for the home page."""
    site = Site.find_for_request(request) if request else page.get_site()
    if site is None or page.pk == site.root_page_id:
        return []
    root_path = site.root_page.url_path
    return [
        Crumb(title=_("Home") if ancestor.url_path == root_path else ancestor.title, url=url)
        for ancestor in _ancestors(page)
        if ancestor.url_path.startswith(root_path) and (url := ancestor.get_url(request))
    ]


def _ancestors(page: Page) -> list[Page]:
    """Return what routing has loaded; a preview was not routed and asks once."""
    routed = getattr(page, "routed_ancestors", None)
    if routed is None:
        routed = list(page.get_ancestors().filter(depth__gt=1)) if page.path else []
        page.routed_ancestors = routed  # type: ignore[attr-defined]  # the page's own note of its way
    return routed
