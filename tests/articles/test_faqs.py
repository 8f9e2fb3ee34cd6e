import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.site import make_faq_page

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


def test_the_box_on_the_index_and_on_a_page_asks_the_search_for_questions():
    page = make_faq_page({"Do I fast?": "<p>Yes.</p>"})
    for address in ("/questions/", page.url):
        html = Client().get(address).content.decode()
        box = html[
            html.index('class="search-form"') : html.index("</form>", html.index('class="search-form"'))
        ]
        assert 'action="/search/"' in box
        assert '<input type="hidden" name="kind" value="question">' in box
