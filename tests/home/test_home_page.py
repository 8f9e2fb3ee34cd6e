import json

import pytest
from django.test import Client

from articles.models import ArticlePage
from home.models import HomePage
from shop.catalogue.models import Availability
from tests.factories.shop import make_package
from tests.factories.site import make_article, make_home, make_package_page

pytestmark = pytest.mark.django_db


def read_home() -> str:
    return Client().get("/").content.decode()


def test_shows_three_featured_packages_that_are_sold():
    make_home()
    for number in range(4):
        make_package_page(make_package(name=f"Featured {number}"), is_featured=True)
    make_package_page(make_package(name="Not featured"))
    gone = make_package(name="Withdrawn", availability=Availability.WITHDRAWN)
    make_package_page(gone, is_featured=True)
    html = read_home()
    assert html.count("Featured ") == 3
    assert "Not featured" not in html
    assert "Withdrawn" not in html


def test_shows_the_newest_articles_first():
    titles = [make_article(title=f"Reading {number}").title for number in range(5)]
    html = read_home()
    places = [html.find(title) for title in titles]
    assert places[:2] == [-1, -1]
    assert 0 < places[4] < places[3] < places[2]


def test_an_article_in_draft_is_not_shown():
    article = make_article(title="Not ready")
    article.unpublish()
    assert "Not ready" not in read_home()
    assert ArticlePage.objects.count() == 1


def test_steps_and_promise_are_the_editors_words():
    home = make_home()
    step = {"type": "step", "value": {"title": "Read first", "text": "Find your question."}, "id": "1"}
    home.steps = json.dumps([step])
    home.promise_title = "A doctor explains"
    home.save_revision().publish()
    html = read_home()
    assert "Find your question." in html
    assert "A doctor explains" in html


def test_an_empty_site_has_a_home_page_too():
    make_home()
    response = Client().get("/")
    assert response.status_code == 200
    assert "sample-report" in response.content.decode()


def test_there_is_one_home_page():
    assert HomePage.max_count == 1
