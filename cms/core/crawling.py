"""What crawlers are told: which addresses there are, and which are nobody's business."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.contrib.sitemaps.views import sitemap as wagtail_sitemap

from cms.page_cache.middleware import public_page

PERSONAL_ADDRESSES = ("/admin/", "/basket/count/", "/checkout/", "/orders/", "/payments/", "/search/")

sitemap = require_safe(public_page(parameters=("p",))(wagtail_sitemap))


@require_safe
@public_page()
def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt: everything but personal addresses, and where the sitemap is."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {address}" for address in PERSONAL_ADDRESSES),
        "",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
