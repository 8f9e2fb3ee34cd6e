"""The way from the home page down to a page, read once and shared by the page and its structured data."""

from typing import TypedDict

from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.models import Page, Site


class Crumb(TypedDict):
    title: str
    url: str


def breadcrumbs(page: Page, request: HttpRequest | None) -> list[Crumb]:
    """The page's ancestors from the home page down, without the page itself; empty for the home page."""
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
    """What routing has loaded; a preview was not routed and asks once."""
    routed = getattr(page, "routed_ancestors", None)
    if routed is None:
        routed = list(page.get_ancestors().filter(depth__gt=1)) if page.path else []
        page.routed_ancestors = routed  # type: ignore[attr-defined]  # the page's own note of its way
    return routed
