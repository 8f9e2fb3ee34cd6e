"""Finds the page of an address in two queries, however deep it lies; Wagtail takes two a level."""

from django.db.models import Exists
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.defaults import page_not_found
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.url_routing import RouteResult
from wagtail.views import serve

from cms.page_cache.middleware import depends_on, public_page


@public_page()
def serve_page(request: HttpRequest, path: str) -> HttpResponseBase:
    """Return what Wagtail's own view does, with the route found beforehand; our 404 where there is none."""
    found = route(request, path)
    request._wagtail_route_for_request = found  # type: ignore[attr-defined]  # Wagtail's cache
    try:
        response = serve(request, path)
    except Http404 as missing:
        # Answered here, so that a reader of a site in DEBUG meets the same page as everywhere.
        return page_not_found(request, missing)
    depends_on(response, getattr(found.page, "public_parameters", ()) if found else ())
    return response


def route(request: HttpRequest, path: str) -> RouteResult | None:
    """Return the page at this path, with what its own routes made of the rest; None when there is none."""
    site = Site.find_for_request(request)
    if site is None:
        return None
    components = [component for component in path.split("/") if component]
    chain = _chain(site.root_page, components)
    page = _specific(chain)
    page.routed_ancestors = chain[:-1]  # type: ignore[attr-defined]  # for breadcrumbs and restrictions
    try:
        return page.route(request, components[len(chain) - 1 :])
    except Http404:
        return None


def _chain(root: Page, components: list[str]) -> list[Page]:
    """Return the root page and below it the pages whose slugs the address names, as deep as they exist."""
    addresses = [root.url_path]
    for slug in components:
        addresses.append(f"{addresses[-1]}{slug}/")
    # The slug has an index, the whole address has none.
    named = Page.objects.filter(slug__in=components, url_path__in=addresses[1:]) if components else ()
    by_address = {page.url_path: page for page in named}
    chain = [root]
    for address in addresses[1:]:
        if address not in by_address:
            break
        chain.append(by_address[address])
    return chain


def _specific(chain: list[Page]) -> Page:
    """Return the last page in its own type, with the rows that its template needs where the type says which.

    In the same query, whether the page or one above it is restricted.
    """
    page = chain[-1]
    page_type = page.specific_class
    if page_type is None or not hasattr(page_type, "for_serving"):
        return page.specific
    restrictions = PageViewRestriction.objects.filter(page__in=[each.pk for each in chain])
    return page_type.for_serving().annotate(is_restricted=Exists(restrictions)).get(pk=page.pk)
