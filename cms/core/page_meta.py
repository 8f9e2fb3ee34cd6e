"""What the head of a document says about it to browsers, search engines and shares."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.template import Context
from django.utils.translation import gettext as _
from wagtail.models import Site

from cms.core.models import BasePage, SiteSettings
from cms.core.structured_data import share_rendition


@dataclass(frozen=True)
class Picture:
    url: str
    width: int
    height: int
    description: str


@dataclass(frozen=True)
class PageMeta:
    """`canonical` is empty on pages that must not be indexed."""

    title: str
    heading: str
    description: str
    canonical: str
    robots: str
    kind: str
    site_name: str
    picture: Picture | None = None


def page_meta(context: Context, request: HttpRequest) -> PageMeta:
    """Return what a page in the context says, or a plain view's `title`, `description` and `robots`."""
    page = context.get("page")
    robots = str(context.get("robots") or "")
    name = site_name(request)
    if not isinstance(page, BasePage):
        heading = str(context.get("title") or "")
        return PageMeta(
            title=_with_site_name(heading, name),
            heading=heading or name,
            description=str(context.get("description") or ""),
            canonical="" if "noindex" in robots else request.build_absolute_uri(request.path),
            robots=robots,
            kind="website",
            site_name=name,
        )
    number = getattr(context.get("page_obj"), "number", 1)
    heading = str(context.get("title") or page.seo_title or page.title)
    return PageMeta(
        title=_document_title(page, heading, number, request),
        heading=heading,
        description=str(context.get("description") or page.description()),
        canonical="" if "noindex" in robots else _canonical(page, number, request),
        robots=robots,
        kind=page.open_graph_type,
        site_name=name,
        picture=_picture(page, request),
    )


def site_name(request: HttpRequest) -> str:
    site = Site.find_for_request(request)
    return (site.site_name if site else "") or "Checkup"


def _document_title(page: BasePage, heading: str, number: int, request: HttpRequest) -> str:
    site = Site.find_for_request(request)
    if site and page.pk == site.root_page_id and not page.seo_title:
        strapline = SiteSettings.for_request(request).strapline
        return f"{site_name(request)} · {strapline}" if strapline else site_name(request)
    if number > 1:
        heading = _("%(title)s, page %(number)d") % {"title": heading, "number": number}
    return _with_site_name(heading, site_name(request))


def _with_site_name(heading: str, name: str) -> str:
    return f"{heading} · {name}" if heading else name


def _canonical(page: BasePage, number: int, request: HttpRequest) -> str:
    """Return the address of the page; a route below the page (a category, a tag) is an address of its own."""
    own = page.address(request)
    path = page.get_url(request) or request.path
    if request.path.startswith(path) and not getattr(request, "is_preview", False):
        own += request.path[len(path) :]
    return f"{own}?page={number}" if number > 1 else own


def _picture(page: BasePage, request: HttpRequest) -> Picture | None:
    rendition = share_rendition(page)
    if rendition is None:
        return None
    return Picture(
        request.build_absolute_uri(rendition.url), rendition.width, rendition.height, rendition.alt
    )
