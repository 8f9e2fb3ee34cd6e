"""One box over health checks, questions, articles and plain pages."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from cms.core.models import SiteSettings
from home.search.query import MAX_LENGTH
from shop.catalogue.models import Availability
from tests.factories.shop import make_package
from tests.factories.site import make_article, make_faq_page, make_home, make_package_page, make_plain_page

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]


def results(query: str, **parameters: str) -> dict[str, list[str]]:
    """Return the addresses found, by kind."""
    response = Client().get("/search/", {"q": query, **parameters})
    assert response.status_code == 200
    return {group.kind: [result.url for result in group.results] for group in response.context["groups"]}


def read(query: str, **parameters: str) -> str:
    return Client().get("/search/", {"q": query, **parameters}).content.decode()


def test_finds_every_kind():
    package = make_package_page(make_package(name="Zinc check"))
    article = make_article(title="Zinc in food")
    plain = make_plain_page(title="How we buy zinc")
    faq = make_faq_page({"Does zinc help?": "<p>Sometimes.</p>"})
    found = results("zinc")
    assert list(found) == ["package", "question", "article", "page"]
    assert found["package"] == [package.url]
    assert found["question"] == [f"{faq.url}#does-zinc-help"]
    assert found["article"] == [article.url]
    assert set(found["page"]) == {plain.url, faq.url}


def test_finds_a_package_by_what_it_measures():
    page = make_package_page(make_package())
    assert results("ferritin")["package"] == [page.url]


def test_singular_finds_plural_and_the_other_way():
    article = make_article(title="Headaches and what helps")
    assert results("headache")["article"] == [article.url]
    other = make_article(title="A remedy for hay fever")
    assert results("remedies")["article"] == [other.url]


def test_a_question_as_typed_finds_what_matters():
    article = make_article(title="Iron and tiredness")
    assert results("What does iron do to my tiredness?")["article"] == [article.url]


def test_marks_the_words_and_escapes_the_rest():
    make_article(title="Iron <b>first</b>", introduction="About iron & more")
    html = read("iron")
    assert "<mark>Iron</mark> &lt;b&gt;first&lt;/b&gt;" in html
    assert "About <mark>iron</mark> &amp; more" in html


def test_leaves_out_drafts_restricted_pages_and_withdrawn_packages():
    make_article(title="Zinc draft").unpublish()
    secret = make_plain_page(title="Zinc secret")
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    make_package_page(make_package(name="Zinc gone", availability=Availability.WITHDRAWN))
    assert results("zinc") == {}


def test_an_empty_query_asks_for_one():
    make_home()
    response = Client().get("/search/")
    assert response.status_code == 200
    assert "groups" not in response.context
    assert "Type a symptom" in response.content.decode()


def test_too_long_a_query_is_refused_in_words():
    make_home()
    html = read("iron " * MAX_LENGTH)
    assert f"more than {MAX_LENGTH} characters" in html


@pytest.mark.parametrize(
    "query", ['"', "a\"b*(c' OR", "NOT", "AND OR", "%", "\\", "*", "' --", "\x00", "ä ö", "🩸"]
)
def test_no_typing_breaks_the_search(query: str):
    make_article(title="Iron")
    assert Client().get("/search/", {"q": query}).status_code == 200


def test_a_typing_error_gets_a_suggestion():
    make_article(title="Signs of an underactive thyroid")
    response = Client().get("/search/", {"q": "thyriod"})
    assert response.context["suggestion"] == "thyroid"
    assert "/search/?q=thyroid" in response.content.decode()


def test_the_beginning_of_a_word_gets_a_suggestion():
    make_article(title="Cholesterol in families")
    assert Client().get("/search/", {"q": "choles"}).context["suggestion"] == "cholesterol"


def test_one_kind_is_shown_page_by_page():
    urls = {make_article(title=f"Magnesium {number}").url for number in range(12)}
    first = Client().get("/search/", {"q": "magnesium", "kind": "article"})
    second = Client().get("/search/", {"q": "magnesium", "kind": "article", "page": "2"})
    assert first.context["total"] == 12
    shown = [result.url for page in (first, second) for result in page.context["page_obj"]]
    assert len(shown) == 12
    assert set(shown) == urls
    assert "q=magnesium&amp;kind=article&amp;page=2" in first.content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "999", "x"])
def test_a_page_that_does_not_exist_shows_one_that_does(page: str):
    make_article(title="Magnesium")
    response = Client().get("/search/", {"q": "magnesium", "kind": "article", "page": page})
    assert response.context["page_obj"].number == 1


def test_an_unknown_kind_shows_all():
    article = make_article(title="Magnesium")
    assert results("magnesium", kind="nonsense")["article"] == [article.url]


def test_results_are_kept_from_search_engines_and_shared_by_caches():
    make_home()
    response = Client().get("/search/", {"q": "iron"})
    assert '<meta name="robots" content="noindex, follow">' in response.content.decode()
    assert response["Cache-Control"].startswith("public")


def set_helplines(**lines: str) -> None:
    settings_of_site = SiteSettings.for_site(make_home().get_site())
    settings_of_site.emergency_number = "999"
    settings_of_site.helplines = [
        (
            "helpline",
            {
                "name": name,
                "helps_with": kind,
                "number": "116 123",
                "url": "https://help.example/",
                "note": "",
            },
        )
        for kind, name in lines.items()
    ]
    settings_of_site.save()


def test_words_of_a_crisis_are_answered_with_help_first_and_nothing_is_sold():
    set_helplines(despair="Listeners", abuse="Safe house")
    sold = make_package_page(make_package(name="Kill myself check"))
    article = make_article(title="Thoughts of suicide")
    html = read("i want to kill myself")
    assert 'href="tel:999"' in html
    assert 'href="tel:116123"' in html
    assert "Listeners" in html
    assert "Safe house" not in html
    for unwanted in ("Did you mean", "Nothing found", "Fewer words"):
        assert unwanted not in html
    assert sold.url in read("check"), "it can be found"
    for kind in ({}, {"kind": "package"}):
        assert sold.url not in read("kill myself", **kind)
    found = read("suicide")
    assert found.index("tel:999") < found.index(f'href="{article.url}"')


def test_a_whole_letter_about_a_crisis_is_answered_with_help():
    set_helplines(despair="Listeners")
    html = read("I have not slept for weeks and " * 10 + "now I want to end my life")
    assert "Listeners" in html
    assert "more than" not in html


@pytest.mark.parametrize("kind", ["", "question"])
def test_a_search_in_a_crisis_is_kept_nowhere(kind: str, settings):
    settings.PAGE_CACHE = True
    make_faq_page({"Is it safe?": "<p>Yes.</p>"})
    Client().get("/search/", {"q": "iron", "kind": kind})
    kept = dict(cache._cache)  # the tests' cache is the process's own memory
    response = Client().get("/search/", {"q": "kill myself", "kind": kind})
    assert "Help now" in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.has_header("ETag")
    assert dict(cache._cache) == kept
    assert "max-age" in Client().get("/search/", {"q": "zinc", "kind": kind})["Cache-Control"], (
        "others are shared as before"
    )


def test_without_settings_help_still_says_whom_to_call():
    make_home()
    html = read("overdose")
    assert "Call your emergency number" in html
    assert "findahelpline.com" in html


def test_the_number_of_queries_does_not_grow_with_the_results(settings):
    settings.PAGE_CACHE = False

    def queries() -> int:
        Client().get("/search/", {"q": "magnesium"})
        with CaptureQueriesContext(connection) as captured:
            Client().get("/search/", {"q": "magnesium"})
        return len(captured)

    make_article({"Is magnesium safe?": "<p>Yes.</p>"}, title="Magnesium one")
    make_package_page(make_package(name="Magnesium check"))
    few = queries()
    for number in range(8):
        make_article({f"Is magnesium {number} safe?": "<p>Yes.</p>"}, title=f"Magnesium {number}")
        make_package_page(make_package(name=f"Magnesium check {number}"))
    assert queries() == few <= 12, "site, four kinds"
