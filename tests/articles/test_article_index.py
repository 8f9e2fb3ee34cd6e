import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import CARDS_ON_A_PAGE, Category
from tests.factories.site import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_shared_copies(settings):
    settings.PAGE_CACHE = False


def titles(response) -> list[str]:
    lead = [response.context["lead"].title] if response.context["lead"] else []
    return lead + [card.title for card in response.context["cards"]]


def tagged(title: str, *tags: str):
    article = make_article(title=title)
    article.tags.add(*tags)
    article.save_revision().publish()
    return article


def test_the_newest_article_leads_and_drafts_are_left_out():
    make_article(title="Older")
    make_article(title="Newer")
    make_article(title="Draft").unpublish()
    assert titles(Client().get("/articles/")) == ["Newer", "Older"]


def test_a_category_shows_its_own_articles():
    hormones = Category.objects.create(name="Hormones", slug="hormones", description="Slow messengers.")
    make_article(title="Thyroid", category=hormones)
    make_article(title="Tired")
    response = Client().get("/articles/category/hormones/")
    html = response.content.decode()
    assert titles(response) == ["Thyroid"]
    assert '<h1 dir="auto">Hormones</h1>' in html
    assert "Slow messengers." in html
    assert '<a href="/articles/category/hormones/" aria-current="page">Hormones</a>' in html
    assert '<a href="/articles/">Articles</a>' in html, "the way back stands in the breadcrumbs"
    assert '<link rel="canonical" href="http://testserver/articles/category/hormones/">' in html


def test_a_category_without_articles_is_not_offered():
    Category.objects.create(name="Empty", slug="empty")
    make_article()
    assert "Empty" not in Client().get("/articles/").content.decode()


def test_a_tag_shows_the_articles_that_carry_it():
    tagged("About iron", "Iron", "Blood")
    tagged("About sleep", "Sleep")
    assert titles(Client().get("/articles/tag/iron/")) == ["About iron"]


def test_a_tag_of_drafts_only_is_no_page():
    tagged("About iron", "Iron").unpublish()
    make_article()
    assert Client().get("/articles/tag/iron/").status_code == 404


@pytest.mark.parametrize("address", ["/articles/tag/nothing/", "/articles/category/nothing/"])
def test_an_unknown_topic_or_category_is_no_page(address):
    make_article()
    assert Client().get(address).status_code == 404


def test_articles_stand_on_several_pages():
    for number in range(CARDS_ON_A_PAGE + 1):
        make_article(title=f"Number {number}")
    first, second = Client().get("/articles/"), Client().get("/articles/", {"page": 2})
    assert len(titles(first)) == CARDS_ON_A_PAGE
    assert titles(second) == ["Number 0"]
    assert 'rel="next" href="?page=2"' in first.content.decode()
    assert 'rel="prev" href="?page=1"' in second.content.decode()


@pytest.mark.parametrize(("number", "shown"), [("0", 1), ("-3", 1), ("99", 1), ("two", 1), ("", 1)])
def test_a_page_number_that_is_none_leads_to_a_page_that_is(number, shown):
    make_article()
    response = Client().get("/articles/", {"page": number})
    assert response.status_code == 200
    assert response.context["page_obj"].number == shown


def test_more_articles_take_no_more_queries():
    def queries() -> int:
        Client().get("/articles/")
        with CaptureQueriesContext(connection) as captured:
            Client().get("/articles/")
        return len(captured)

    make_article()
    make_article()
    few = queries()
    for _number in range(8):
        make_article()
    assert queries() == few
