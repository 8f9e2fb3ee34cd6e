from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cms.core.routing import serve_page
from cms.core.views import media_urls, robots, sitemap

urlpatterns = [
    path("", include("cms.users.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    *media_urls(),
    path("payments/", include("shop.payments.urls")),
    path("mail/", include("shop.mail.urls")),
    path("", include("articles.urls")),
    path("", include("shop.checkout.urls")),
    path("", include("home.search.urls")),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    # Before Wagtail's own view, which stays for its name and for what lies below _util/.
    re_path(r"^(?!_util/)((?:[\w\-]+/)*)$", serve_page),
    path("", include(wagtail_urls)),
]
