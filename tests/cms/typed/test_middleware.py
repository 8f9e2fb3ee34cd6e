"""What no output can hold is taken out of every form before it is saved; the rest is left alone."""

import json

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, rich_text, streamfield

from articles.models import ArticlePage
from cms.core.public_forms import public_form
from cms.typed.middleware import TypedTextMiddleware
from cms.users.models import User
from tests.factories.site import make_article

UNCLEAN = "Iron\x0band\x00 tea\ufffe"


@pytest.mark.django_db
def test_an_article_is_saved_without_controls_wherever_the_editor_typed_them():
    client = Client()
    client.force_login(User.objects.create_superuser("administrator"))
    article = make_article({"Do I fast?": "<p>Yes and <b>no</b>.</p>"})
    address = reverse("wagtailadmin_pages:edit", args=[article.pk])
    form = querydict_from_html(client.get(address).content.decode(), form_id="page-edit-form")
    for name in ("title", "seo_title", "search_description", "introduction"):
        form[name] = UNCLEAN
    answer = json.loads(rich_text("<p>Yes--or -<b>no</b>.</p>"))
    answer["blocks"][0]["text"] = "Yes\x0b\ud800or \x01no."  # as long as it was: "no" is bold by its place
    question = {"question": UNCLEAN, "answer": json.dumps(answer)}
    streams = {"body": [], "sources": [], "questions": [("question", question)]}
    form.update(nested_form_data({name: streamfield(blocks) for name, blocks in streams.items()}))

    client.post(address, {**form.dict(), "action-publish": "action-publish"})

    article = ArticlePage.objects.get(pk=article.pk)
    question = article.questions[0].value
    typed = [article.title, article.seo_title, article.search_description, article.introduction]
    assert [*typed, question["question"]] == ["Iron and tea"] * 5
    assert "Yes  or  <b>no</b>." in question["answer"].source
    assert "Iron and tea" in client.get("/feed/").content.decode()
    assert "u000b" not in json.dumps(article.latest_revision.content).lower()


def sent(view, data: dict, **query) -> tuple[dict, dict]:
    """Return what the view would read."""
    request = RequestFactory().post("/", data, query_params=query)
    TypedTextMiddleware(lambda request: HttpResponse()).process_view(request, view, (), {})
    return request.GET.dict(), request.POST.dict()


def page(request):
    return HttpResponse()


def test_parameters_and_public_forms_are_cleaned_too():
    for view in (page, public_form(page)):
        assert sent(view, {"a": UNCLEAN}, q=UNCLEAN) == ({"q": "Iron and tea"}, {"a": "Iron and tea"})


def test_what_another_program_signed_stays_as_it_is():
    def webhook(request):
        return HttpResponse()

    webhook.csrf_exempt = True
    assert sent(webhook, {"a": UNCLEAN})[1] == {"a": UNCLEAN}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a line\r\n\tand \u200d more", "a line\r\n\tand \u200d more"),
        (r"write \u000b in JSON", r"write \u000b in JSON"),
        (r'{"no JSON \u000b', r'{"no JSON \u000b'),
        (r'{"a": ["\u000b\ud83d\ude00", 1, null]}', r'{"a": [" \ud83d\ude00", 1, null]}'),
        (r'["\\u000b"]', r'["\\u000b"]'),
    ],
)
def test_words_that_only_look_like_it_are_left_alone(typed, kept):
    assert sent(page, {"a": typed})[1] == {"a": kept}
