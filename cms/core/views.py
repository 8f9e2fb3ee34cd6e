"""What the site answers beside its pages: robots.txt, the sitemap, and uploads from its own disk."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, re_path, reverse
from django.views.decorators.http import require_safe
from django.views.static import serve
from wagtail.contrib.sitemaps.views import sitemap as wagtail_sitemap

from cms.page_cache.middleware import public_page

YEAR_SECONDS = 31_536_000
PERSONAL_ADDRESSES = ("/basket/count/", "/checkout/", "/orders/", "/payments/", "/search/")

sitemap = require_safe(public_page(parameters=("p",))(wagtail_sitemap))


@require_safe
@public_page()
def robots(request: HttpRequest) -> HttpResponse:
    """Return robots.txt: everything but personal addresses, and where the sitemap is."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {address}" for address in (reverse("wagtailadmin_home"), *PERSONAL_ADDRESSES)),
        "",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def serve_media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Return the uploaded file. A changed picture gets a new name, so a browser may keep each for a year."""
    try:
        response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except (OSError, ValueError) as error:
        # A name that no file can have, such as one of a thousand letters.
        raise Http404(path[:100]) from error
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    # Somebody's upload must never run as a page of this site.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def media_urls() -> list[URLPattern]:
    """Return the address of uploads on this site, where no bucket or front server gives them out."""
    if not isinstance(default_storage, FileSystemStorage):
        return []
    return [re_path(rf"^{settings.MEDIA_URL.lstrip('/')}(?P<path>.+)$", serve_media)]
