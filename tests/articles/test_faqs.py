import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.site import make_article, make_faq_page

pytestmark = pytest.mark.django_db


def test_the_index_groups_pages_by_subject_and_links_each_question():
    page = make_faq_page({"Do I fast?": "<p>Yes.</p>"}, subject="The sample", title="Taking it")
    make_faq_page({"Who pays?": "<p>You.</p>"}, subject="Payment")
    make_faq_page({"Where to?": "<p>Home.</p>"}, subject="The sample")
    response = Client().get("/questions/")
    assert [(subject.name, len(subject.pages)) for subject in response.context["subjects"]] == [
        ("The sample", 2),
        ("Payment", 1),
    ]
    assert f'href="{page.url}#do-i-fast"' in response.content.decode()


def test_the_index_does_not_take_a_query_for_each_page(settings):
    settings.PAGE_CACHE = False

    def queries() -> int:
        Client().get("/questions/")
        with CaptureQueriesContext(connection) as captured:
            Client().get("/questions/")
        return len(captured)

    make_faq_page({"Do I fast?": "<p>Yes.</p>"})
    few = queries()
    for number in range(6):
        make_faq_page({f"Do I fast {number}?": "<p>Yes.</p>"}, subject=f"Subject {number}")
    assert queries() == few <= 12, "site, pages of the address, index page, restrictions, question pages"


def test_a_page_shows_its_groups_with_anchors_on_the_answers():
    page = make_faq_page({"Do I fast?": "<p>Yes, <b>eight</b> hours.</p>"})
    html = Client().get(page.url).content.decode()
    assert '<h2 dir="auto" id="before">Before</h2>' in html
    assert 'id="do-i-fast"' in html
    assert "Yes, <b>eight</b> hours." in html
    assert 'href="#before"' in html


def test_the_box_on_the_index_searches_questions_only():
    page = make_faq_page({"Do I fast?": "<p>Yes.</p>"})
    make_article(title="Fast food")
    response = Client().get("/questions/", {"q": "fast"})
    html = response.content.decode()
    assert [found.url for found in response.context["found_questions"]] == [f"{page.url}#do-i-fast"]
    assert "Fast food" not in html
    assert '<meta name="robots" content="noindex, follow">' in html


def test_an_empty_box_shows_all_questions():
    make_faq_page({"Do I fast?": "<p>Yes.</p>"})
    response = Client().get("/questions/", {"q": "  "})
    assert response.context["found_questions"] == []
    assert "Do I fast?" in response.content.decode()


def test_words_of_a_crisis_in_the_box_are_answered_with_help_first():
    make_faq_page({"Do I fast?": "<p>Yes.</p>", "Who has chest pain?": "<p>Call.</p>"})
    html = Client().get("/questions/", {"q": "word " * 60 + "kill myself"}).content.decode()
    assert "Help now" in html
    assert "Nobody has asked" not in html
    html = Client().get("/questions/", {"q": "chest pain"}).content.decode()
    assert html.index("Help now") < html.index("1 question about")


def test_what_nobody_asked_says_so():
    make_faq_page({"Do I fast?": "<p>Yes.</p>"})
    assert "Nobody has asked it in these words yet" in Client().get("/questions/?q=zebra").content.decode()
