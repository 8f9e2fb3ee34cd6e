import re

import pytest
from django.test import Client

from cms.core.models import SiteSettings
from tests.factories.site import make_article, make_home, make_plain_page

pytestmark = pytest.mark.django_db


def head(url: str) -> str:
    return Client().get(url).content.decode().partition("</head>")[0]


def test_a_page_says_what_it_is():
    page = make_plain_page(title="About & us", introduction="Who we are.")
    html = head(page.url)
    assert "<title>About &amp; us · Checkup</title>" in html
    assert '<meta name="description" content="Who we are.">' in html
    assert f'<link rel="canonical" href="http://testserver{page.url}">' in html
    assert '<meta property="og:title" content="About &amp; us">' in html
    assert 'name="robots"' not in html


def test_the_editors_words_for_search_engines_win():
    page = make_plain_page(seo_title="For engines", search_description="Found.", introduction="Shown.")
    html = head(page.url)
    assert "<title>For engines · Checkup</title>" in html
    assert '<meta name="description" content="Found.">' in html


def test_home_is_titled_by_the_site_and_its_strapline():
    settings = SiteSettings.for_site(make_home().get_site())
    settings.strapline = "Plain words"
    settings.save()
    assert "<title>Checkup · Plain words</title>" in head("/")


def test_an_article_is_shared_as_an_article():
    assert '<meta property="og:type" content="article">' in head(make_article().url)


def test_campaign_parameters_do_not_reach_the_canonical_address():
    page = make_plain_page()
    assert f'href="http://testserver{page.url}"' in head(f"{page.url}?utm_source=mail")


def test_what_must_not_be_indexed_has_no_canonical_address():
    make_home()
    html = head("/search/?q=iron")
    assert '<meta name="robots" content="noindex, follow">' in html
    assert "canonical" not in html


def test_nothing_in_the_head_comes_from_another_host():
    for address in re.findall(r'(?:href|src|content)="(https?://[^"]*)"', head(make_article().url)):
        assert address.startswith("http://testserver/")


def test_a_second_page_is_an_address_of_its_own():
    for _number in range(20):
        make_article()
    html = head("/articles/?page=2")
    assert "<title>Articles, page 2 · Checkup</title>" in html
    assert 'href="http://testserver/articles/?page=2"' in html
