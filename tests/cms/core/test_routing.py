"""An address leads to its page in few queries, with the way back up."""

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction

from cms.core.routing import route
from tests.factories.site import make_article, make_home, make_plain_page

pytestmark = pytest.mark.django_db


def routed(path: str):
    request = RequestFactory().get(path)
    return route(request, path.lstrip("/"))


def test_the_home_page_answers_the_root():
    home = make_home()
    assert routed("/").page == home


def test_a_deep_page_is_found_in_its_own_type_with_its_ancestors():
    article = make_article()
    page = routed(article.url).page
    assert type(page) is type(article)
    assert [ancestor.title for ancestor in page.routed_ancestors] == ["Checkup", "Articles"]


def test_a_slug_that_stands_elsewhere_does_not_mislead():
    article = make_article()
    make_plain_page(slug="elsewhere")
    assert routed(f"/articles/elsewhere/{article.slug}/") is None
    assert routed(f"/{article.slug}/") is None


def test_the_number_of_queries_does_not_grow_with_depth():
    article = make_article()
    routed(article.url)
    with CaptureQueriesContext(connection) as queries:
        routed(article.url)
    assert len(queries) == 3, "site, pages of the address, the page's own type"


def test_serving_asks_nothing_more_about_restrictions():
    make_article()
    for path in ("/", "/articles/"):
        page = routed(path).page
        with CaptureQueriesContext(connection) as queries:
            assert list(page.get_view_restrictions()) == []
        assert len(queries) == 0, "the page's own query has said so"


def test_a_page_that_is_not_live_is_missing():
    page = make_plain_page()
    page.unpublish()
    assert Client().get(page.url).status_code == 404


def test_a_newcomers_site_in_debug_shows_readers_the_same_missing_page(settings):
    settings.DEBUG = True
    response = Client().get("/nowhere/")
    assert response.status_code == 404
    assert "This page is not here" in response.content.decode()


def test_a_restricted_ancestor_restricts_the_page():
    article = make_article()
    index = Page.objects.get(pk=article.get_parent().pk)
    restriction = PageViewRestriction.objects.create(page=index, restriction_type="login")
    assert list(routed(article.url).page.get_view_restrictions()) == [restriction]
    assert Client().get(article.url).status_code == 302


def test_breadcrumbs_lead_from_home_to_the_parent():
    article = make_article()
    request = RequestFactory().get(article.url)
    assert article.breadcrumbs(request) == [
        {"title": "Home", "url": "/"},
        {"title": "Articles", "url": "/articles/"},
    ]
    assert make_home().breadcrumbs(request) == []
