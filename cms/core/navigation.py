"""The pages that every page links to: main menu and footer, by one query for each request."""

from dataclasses import dataclass, field

from django.http import HttpRequest
from wagtail.models import Page, Site


@dataclass(frozen=True)
class Link:
    title: str
    url: str
    is_current: bool


@dataclass
class Navigation:
    """The site's sections (in the menu), its plain pages (in the footer), and where each page type lives."""

    home_url: str = "/"
    main: list[Link] = field(default_factory=list)
    footer: list[Link] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)


def navigation(request: HttpRequest) -> Navigation:
    """Live children of the home page, read once for each request."""
    if not hasattr(request, "_navigation"):
        request._navigation = _read(request)  # type: ignore[attr-defined]  # kept on the request, as Wagtail does
    return request._navigation  # type: ignore[attr-defined]  # likewise


def address_of(request: HttpRequest, model: str) -> str:
    """Where the section of this page type lives ("packageindexpage"), or "" when it is not live."""
    return navigation(request).addresses.get(model, "")


def _read(request: HttpRequest) -> Navigation:
    result = Navigation()
    site = Site.find_for_request(request)
    if site is None:
        return result
    pages = Page.objects.child_of(site.root_page).live().select_related("content_type")
    for page in pages:
        url = page.get_url(request, current_site=site)
        link = Link(page.title, url, request.path.startswith(url))
        result.addresses.setdefault(page.content_type.model, url)
        if page.show_in_menus:
            result.main.append(link)
        else:
            result.footer.append(link)
    return result
