"""Which page brought a reader to a purchase.

The package page is the same for everybody, so it carries no origin itself: the offer's link has it
(`?from=12`), and the browser repeats that address when the reader puts the package into the basket.
"""

from urllib.parse import parse_qs, urlencode, urlsplit

from django.http import HttpRequest
from wagtail.models import Page

from cms.core.public_forms import is_of_this_site

ORIGIN_PARAMETER = "from"
MAX_PAGE_ID_LENGTH = 12


def with_origin(url: str, page_id: int | None) -> str:
    """Return the address of a package page that remembers which page offered it."""
    return f"{url}?{urlencode({ORIGIN_PARAMETER: page_id})}" if url and page_id else url


def origin_page_id(request: HttpRequest) -> int | None:
    """Return the live page whose offer the reader followed, by this site's own referrer; None without one."""
    referrer = request.headers.get("Referer", "")
    if not is_of_this_site(request, referrer):
        return None
    value = parse_qs(urlsplit(referrer).query).get(ORIGIN_PARAMETER, [""])[0]
    if not (value.isascii() and value.isdecimal()) or len(value) > MAX_PAGE_ID_LENGTH:
        return None
    return Page.objects.live().filter(pk=value).values_list("pk", flat=True).first()
