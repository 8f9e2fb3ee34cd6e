"""Every article and page of the magazine with the demo content: whole, accessible in structure, and cheap."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from articles.models import ArticlePage
from tests.documents import assert_ids_hold

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("pages"),
]

ARTICLE_QUERIES = [
    "site",
    "pages of the address",
    "the article with its people",
    "topics",
    "what to read next",
    "pictures in the body",
    "offered packages with their pages",
    "renditions of all pictures",
]
INDEX_QUERIES = [
    "site",
    "pages of the address",
    "the index",
    "the category or topic",
    "how many articles",
    "the articles",
    "their renditions",
    "categories",
]
PEOPLE_QUERIES = [
    "site",
    "pages of the address",
    "the page",
    "people",
    "their renditions",
    "what they wrote",
    "what they reviewed",
]


INDEXES = ["/articles/", "/articles/category/hormones/", "/articles/tag/iron/"]


@pytest.fixture(scope="module")
def pages(demo_renditions, django_db_blocker: DjangoDbBlocker) -> dict[str, str]:
    """Every page of the magazine by its address."""
    with django_db_blocker.unblock():
        addresses = [*(article.url for article in ArticlePage.objects.live()), *INDEXES, "/people/"]
        return {address: get(address) for address in addresses}


@pytest.fixture(autouse=True)
def _no_shared_copies(settings):
    settings.PAGE_CACHE = False


def get(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200
    return response.content.decode()


def queries_of(address: str) -> list[str]:
    """Return what a page asks of the database once the menu is cached."""
    get(address)
    with CaptureQueriesContext(connection) as captured:
        get(address)
    return [query["sql"][:200] for query in captured]


def articles() -> list[ArticlePage]:
    found = list(ArticlePage.objects.live())
    assert len(found) == 12
    return found


def test_every_article_is_whole(pages):
    for article in articles():
        html = pages[article.url]
        assert f'<a href="/people/#{article.author.slug}"><bdi>{article.author.name}</bdi></a>' in html
        assert f'<a href="/people/#{article.reviewer.slug}"><bdi>{article.reviewer.name}</bdi></a>' in html
        assert f'/articles/category/{article.category.slug}/"' in html
        assert all(f'/articles/tag/{tag.slug}/"' in html for tag in article.tags.all())
        assert html.count("Shown because") == 3
        assert 'href="/articles/"' in html
        assert "Sample report" in html


def test_no_anchor_stands_twice_and_every_one_leads_somewhere(pages):
    for article in articles():
        html = pages[article.url]
        assert_ids_hold(html)
        assert 'href="#' in html


def test_help_that_may_be_urgent_stands_above_every_offer(pages):
    for article in articles():
        html = pages[article.url]
        if "offer__name" in html:
            assert 0 < html.index('class="urgent"') < html.index("offer__name"), article.slug


def test_an_offer_leads_to_its_package_and_says_where_it_stood(pages):
    article = ArticlePage.objects.get(slug="always-tired")
    html = pages[article.url]
    assert "We sell this test." in html
    assert re.search(rf'class="button" href="/health-checks/[\w-]+/\?from={article.pk}"', html)


def test_the_article_about_neck_pain_offers_nothing(pages):
    assert "We sell this test." not in pages["/articles/neck-pain-and-dry-needling/"]


def test_the_picture_comes_in_modern_formats(pages):
    ArticlePage.objects.get(slug="always-tired").picture.renditions.all().delete()
    html = get("/articles/always-tired/")
    hero = html[html.index("article-head__picture") :].split("</picture>")[0]
    assert re.search(r'<source type="image/avif" srcset="[^"]+ 400w, [^"]+ 1200w"', hero)
    assert re.search(r'<source type="image/webp" srcset="[^"]+ 400w, [^"]+ 1200w"', hero)
    assert re.search(
        r'<img src="[^"]+\.jpg" width="800" height="600" alt="[^"]{10,}" fetchpriority="high"', hero
    )


def test_an_article_keeps_its_budget():
    for article in articles():
        queries = queries_of(article.url)
        assert len(queries) <= len(ARTICLE_QUERIES) <= 10, (article.slug, ARTICLE_QUERIES, queries)


@pytest.mark.parametrize("address", INDEXES)
def test_an_index_keeps_its_budget(address):
    queries = queries_of(address)
    assert len(queries) <= len(INDEX_QUERIES) <= 12, (INDEX_QUERIES, queries)


def test_the_people_page_keeps_its_budget():
    queries = queries_of("/people/")
    assert len(queries) <= len(PEOPLE_QUERIES) <= 12, (PEOPLE_QUERIES, queries)


def test_the_people_page_has_an_anchor_for_each_byline_and_lists_their_articles(pages):
    html = pages["/people/"]
    for article in articles():
        assert f'id="{article.author.slug}"' in html
        assert f'id="{article.reviewer.slug}"' in html
        assert html.count(f'<a href="{article.url}">') == 2, "once with the writer, once with the reviewer"
