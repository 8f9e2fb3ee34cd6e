"""Published questions, and only those, can be found by themselves."""

import pytest
from django.test import RequestFactory
from wagtail.models import PageViewRestriction

from home.search.models import QuestionEntry
from home.search.results import search_site
from tests.factories.site import make_article, make_faq_page, question_stream

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]


def found(*words: str) -> list[str]:
    request = RequestFactory().get("/questions/")
    return [
        result.url for group in search_site(list(words), request, ["question"]) for result in group.results
    ]


def test_publishing_makes_the_questions_of_a_page_findable():
    page = make_faq_page({"Do I need to fast?": "<p>Yes, for eight hours.</p><p>Water is fine.</p>"})
    entry = QuestionEntry.objects.get()
    assert entry.answer_text == "Yes, for eight hours. Water is fine."
    assert found("water") == [f"{page.url}#do-i-need-to-fast"]


def test_a_question_of_an_article_is_found_too():
    article = make_article({"Is coffee allowed?": "<p>Without milk.</p>"})
    assert found("coffee") == [f"{article.url}#is-coffee-allowed"]


def test_publishing_again_follows_the_change():
    article = make_article({"Is coffee allowed?": "<p>No.</p>", "Is tea allowed?": "<p>No.</p>"})
    article.questions = question_stream({"Is tea allowed?": "<p>Green tea is.</p>"})
    article.save_revision().publish()
    assert [(entry.anchor, entry.answer_text) for entry in QuestionEntry.objects.all()] == [
        ("is-tea-allowed", "Green tea is.")
    ]
    assert found("coffee") == []
    assert found("green") == [f"{article.url}#is-tea-allowed"]


def test_a_draft_changes_nothing():
    article = make_article({"Is coffee allowed?": "<p>No.</p>"})
    article.questions = question_stream({})
    article.save_revision()
    assert len(found("coffee")) == 1


def test_unpublishing_and_deleting_forget_the_questions():
    first, second = (make_faq_page({f"Is {drink} allowed?": "<p>Yes.</p>"}) for drink in ("milk", "juice"))
    first.unpublish()
    second.delete()
    assert not QuestionEntry.objects.exists()
    assert found("milk") == found("juice") == []


def test_two_questions_in_the_same_words_are_both_kept():
    make_faq_page({"Do I fast?": "<p>Yes.</p>", "Do I fast": "<p>No.</p>"})
    assert list(QuestionEntry.objects.order_by("pk").values_list("answer_text", flat=True)) == ["Yes.", "No."]


def test_a_restricted_page_gives_no_question_away():
    page = make_faq_page({"Is wine allowed?": "<p>Better not.</p>"})
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert found("wine") == []
