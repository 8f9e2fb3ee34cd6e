"""Addresses below the article index outlive the slugs in them, and each page has one address that counts."""

import re
from collections.abc import Callable

import pytest
from django.test import Client, TestCase
from taggit.models import Tag
from wagtail.models import Page

from articles.models import ArticleIndexPage, ArticlePage, Category, Person
from home.search.models import QuestionEntry
from tests.factories.site import make_article, make_home, make_plain_page

pytestmark = pytest.mark.django_db


def tagged(*names: str, **fields) -> ArticlePage:
    article = make_article(**fields)
    article.tags.add(*names)
    article.save_revision().publish()
    return article


def end_of(address: str) -> str:
    """Where a reader of this address ends."""
    response = Client().get(address, follow=True)
    assert response.status_code == 200, address
    assert len(response.redirect_chain) < 4
    return response.request["PATH_INFO"].encode("latin-1").decode()


def rename_section() -> None:
    index = ArticleIndexPage.objects.get()
    index.slug = "magazine"
    with TestCase.captureOnCommitCallbacks(execute=True):
        index.save_revision().publish()


def move_section() -> None:
    parent = make_plain_page(title="Reading", slug="reading")
    ArticleIndexPage.objects.get().move(parent, pos="last-child")


@pytest.mark.parametrize(
    ("change", "now"), [(rename_section, "/magazine/"), (move_section, "/reading/articles/")]
)
def test_addresses_below_the_section_follow_it(change: Callable[[], None], now: str):
    tagged("Iron", "Диета")
    change()
    for below in ("", "category/symptoms/", "tag/iron/"):
        assert end_of(f"/articles/{below}") == f"{now}{below}"
        assert end_of(f"/articles/{below}?page=1") == f"{now}{below}"
    assert end_of("/articles/tag/диета/") == f"{now}tag/диета/"


def test_addresses_of_a_category_and_a_tag_follow_every_new_slug():
    tagged("Iron")
    for slug in ("signs", "signals", "symptoms"):
        category = Category.objects.get()
        category.slug = slug
        category.save()
    tag = Tag.objects.get()
    tag.slug = "iron-and-blood"
    tag.save()
    rename_section()
    for old in ("signs", "signals", "symptoms"):
        assert end_of(f"/articles/category/{old}/") == "/magazine/category/symptoms/"
    assert end_of("/articles/tag/iron/") == "/magazine/tag/iron-and-blood/"
    assert Client().get("/articles/category/unknown/").status_code == 404


def test_a_slug_that_came_back_and_was_deleted_leads_in_no_circle():
    make_article()
    category = Category.objects.create(name="Sleep", slug="sleep")
    for slug in ("rest", "sleep"):
        category.slug = slug
        category.save()
    category.delete()
    assert Client().get("/articles/category/sleep/").status_code == 404


def test_every_tag_links_to_what_it_names_or_nowhere():
    article = tagged("+", "++", "c++", "C#", "🩸", "Диета", "原因", "a/b", "?", "_")
    Tag.objects.filter(name="?").update(slug="")  # of an older version
    html = Client().get(article.url).content.decode()
    links = re.findall(r'href="(/articles/tag/[^"]*)"', html)
    assert len(links) == 9
    for link in links:
        assert end_of(link) != "/articles/"
    assert "<span>?</span>" in html


def test_an_alias_names_its_original_and_stands_in_no_list():
    author = Person.objects.create(name="Una", slug="una", role="Writer")
    article = make_article({"Is tea allowed?": "<p>Yes.</p>"}, title="Iron and tea", author=author)
    alias = article.create_alias(update_slug="the-same-again")
    html = Client().get(alias.url).content.decode()
    assert f'<link rel="canonical" href="{article.full_url}">' in html
    assert f'property="og:url" content="{article.full_url}"' in html
    [structured] = re.findall(r"ld\+json\">(.*?)</script>", html)
    assert "the-same-again" not in structured
    assert f"{article.full_url}#is-tea-allowed" in structured
    other = make_article(title="Coffee")
    article.save_revision().publish()
    lists = [
        "/",
        "/articles/",
        "/articles/category/symptoms/",
        "/feed/",
        "/sitemap.xml",
        other.url,
        "/search/?q=tea",
    ]
    for address in lists:
        text = Client().get(address).content.decode()
        assert article.url in text, address
        assert "the-same-again" not in text, address
    assert QuestionEntry.objects.count() == 1


def test_an_alias_of_what_is_not_public_stands_for_itself():
    article = make_article(title="Iron")
    alias = article.create_alias(update_slug="the-same-again")
    Page.objects.filter(pk=article.pk).update(live=False)
    assert f'rel="canonical" href="{alias.full_url}"' in Client().get(alias.url).content.decode()


@pytest.mark.parametrize("query", ["", "?page=1", "?page=0", "?page=x", "?utm_source=mail", "?q=iron"])
def test_a_page_has_one_canonical_address(query: str):
    article = tagged("Iron")
    home = make_home()
    for address in ("/articles/", "/articles/tag/iron/", article.url, "/"):
        html = Client().get(address + query).content.decode()
        assert f'<link rel="canonical" href="{home.full_url}{address[1:]}">' in html
