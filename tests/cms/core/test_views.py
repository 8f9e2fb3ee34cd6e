import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from tests.factories.site import make_article, make_plain_page

pytestmark = pytest.mark.django_db


def test_robots_are_kept_from_personal_addresses_and_shown_the_sitemap():
    make_plain_page()
    response = Client().get("/robots.txt")
    lines = response.content.decode().splitlines()
    personal = ("/basket/count/", "/checkout/", "/orders/", "/search/")
    assert {f"Disallow: {path}" for path in personal} <= set(lines)
    assert "Sitemap: http://testserver/sitemap.xml" in lines
    assert response["Cache-Control"].startswith("public")


def test_the_sitemap_lists_what_everybody_may_read_with_its_date():
    article, secret, draft = make_article(), make_plain_page(), make_plain_page()
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    draft.unpublish()
    text = Client().get("/sitemap.xml").content.decode()
    assert f"<loc>http://testserver{article.url}</loc>" in text
    assert f"<lastmod>{article.last_published_at:%Y-%m-%d}</lastmod>" in text
    assert secret.url not in text
    assert draft.url not in text
