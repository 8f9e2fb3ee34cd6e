import json

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.images.tests.utils import get_test_image_file

from articles.models import ArticlePage, Person, RecommendedLink
from cms.images.models import CustomImage
from cms.users.models import User
from tests.factories.site import make_article

pytestmark = pytest.mark.django_db

EVERY_BLOCK = [
    {"type": "heading", "value": "What a test shows"},
    {"type": "text", "value": "<p>Some <b>text</b>.</p>"},
    {"type": "list", "value": {"style": "number", "items": [{"type": "item", "value": "First", "id": "1"}]}},
    {"type": "quote", "value": {"text": "So tired.", "attribution": "A reader"}},
    {"type": "key_points", "value": {"items": [{"type": "item", "value": "In a nutshell", "id": "2"}]}},
    {"type": "urgent_help", "value": {"heading": "Call now if", "text": "<p>you faint.</p>"}},
    {
        "type": "table",
        "value": {
            "caption": "Values",
            "columns": [{"type": "text", "heading": "Name"}, {"type": "rich_text", "heading": "Meaning"}],
            "rows": [{"values": ["Ferritin", "<p>Iron <i>stores</i></p>"]}],
        },
    },
]


def html_of(page: ArticlePage) -> str:
    return Client().get(page.url).content.decode()


def test_each_block_is_shown_in_its_own_way():
    html = html_of(make_article(body=json.dumps(EVERY_BLOCK)))
    assert '<h2 dir="auto" id="what-a-test-shows">What a test shows</h2>' in html
    assert "<p>Some <b>text</b>.</p>" in html
    assert '<ol dir="auto">\n    <li>First</li>' in html
    assert "“So tired.”" in html
    assert "In a nutshell" in html
    assert '<section class="urgent" aria-label="Call now if">' in html
    assert '<div class="table-region" role="region" tabindex="0" aria-label="Values">' in html
    assert '<th scope="row">Ferritin</th>' in html
    assert "<td><p>Iron <i>stores</i></p></td>" in html


def test_the_contents_list_names_sections_questions_and_sources():
    source = {"title": "Anaemia", "publisher": "WHO", "url": "https://www.who.int/", "year": 2023}
    page = make_article(
        {"Do I fast?": "<p>Yes.</p>"},
        body=json.dumps(EVERY_BLOCK),
        sources=json.dumps([{"type": "source", "value": source}]),
    )
    contents = Client().get(page.url).context["contents"]
    assert [item["anchor"] for item in contents] == ["what-a-test-shows", "questions", "sources"]


def test_an_article_without_sections_has_no_contents_list():
    assert "On this page" not in html_of(make_article())


def test_an_answer_carries_the_anchor_so_that_a_link_opens_it():
    html = html_of(make_article({"Do I fast?": "<p>Yes.</p>"}))
    details = html[html.index("<details>") : html.index("</details>")]
    assert '<div class="questions__answer" id="do-i-fast">' in details


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (215, 1), (225, 2), (900, 5)])
def test_the_reading_time_follows_the_words(words, minutes):
    text = f"<p>{'word ' * words}</p>"
    page = make_article(body=json.dumps([{"type": "text", "value": text}]))
    assert page.reading_minutes == minutes


def test_an_unreviewed_article_names_no_reviewer():
    html = html_of(make_article())
    assert "Written by" in html
    assert "Reviewed by" not in html
    assert "Last reviewed" not in html


def test_the_review_is_shown_with_its_dates():
    reviewer = Person.objects.create(name="Dr Rae", slug="rae", role="GP", is_clinician=True)
    html = html_of(make_article(reviewer=reviewer, last_reviewed="2026-10-12", next_review_due="2027-10-12"))
    assert "Dr Rae" in html
    assert '<time datetime="2026-10-12">12 October 2026</time>' in html
    assert '<time datetime="2027-10">October 2027</time>' in html


def test_sharing_needs_no_third_party():
    html = html_of(make_article(title="Iron & you"))
    assert "mailto:?subject=Iron%20%26%20you&amp;body=http" in html
    assert "data-share-copy" in html


def test_a_draft_is_previewed_with_its_unsaved_topics_and_choices():
    chosen = make_article(title="The chosen one")
    page = make_article()
    page.title = "A new title"
    page.tags.add("Unsaved topic")
    page.recommended_links = [RecommendedLink(target=chosen)]
    html = page.make_preview_request().content.decode()
    assert "A new title" in html
    assert "Unsaved topic" in html
    assert "The chosen one" in html
    assert not ArticlePage.objects.get(pk=page.pk).tags.exists()


def test_a_page_that_was_never_saved_can_be_previewed():
    sibling = make_article()
    page = ArticlePage(title="Brand new", slug="brand-new")
    page.path = sibling.get_parent().path + "0099"
    page.depth = sibling.depth
    page.set_url_path(sibling.get_parent())
    assert "Brand new" in page.make_preview_request().content.decode()


def blocks_of(block) -> list:
    return [child for child in block.child_blocks.values() if child.is_previewable]


@pytest.mark.parametrize("field", ["body", "questions", "sources"])
def test_every_block_has_a_preview_in_the_look_of_the_site(field):
    client = Client()
    client.force_login(User.objects.create_superuser("editor-in-chief"))
    CustomImage.objects.create(title="Hills", description="Green hills", file=get_test_image_file())
    blocks = blocks_of(ArticlePage._meta.get_field(field).stream_block)
    assert blocks
    for block in blocks:
        response = client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
        html = response.content.decode()
        assert response.status_code == 200, block.name
        assert "css/site" in html, block.name
        shown = html[html.index(f"block-{block.name}") :].split(">", 1)[1].split("</main>")[0]
        assert len("".join(shown.split())) > 40 or block.name == "offer", (block.name, shown)


def test_every_block_has_a_group_and_a_description():
    for field in ("body", "questions", "sources"):
        for block in ArticlePage._meta.get_field(field).stream_block.child_blocks.values():
            assert block.meta.group, block.name
            assert block.get_description(), block.name
