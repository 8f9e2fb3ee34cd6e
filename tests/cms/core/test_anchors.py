"""What leads to a heading or a question: unique on the page, lasting, and there in any script."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test import Client

from articles.models import PeoplePage, Person
from cms.core.anchors import LONGEST, RESERVED, heading_anchor
from home.search.models import QuestionEntry
from tests.documents import assert_ids_hold, ids_of
from tests.factories.shop import make_package
from tests.factories.site import (
    make_article,
    make_faq_page,
    make_home,
    make_package_page,
    make_plain_page,
    publish,
    question_stream,
)

BASE_DIR = Path(__file__).resolve().parents[3]
NASTY = [
    "Causes", "Causes", "causes!", "Причины", "Последствия", "Αίτια", "أسباب", "原因", "原因", "???", "!!!",
    "🩸", "Sources", "Questions", "Main", "Menu", "Contents", "Share", "Read next", "Checks band",
    "Footer about", "search_query", "id_email", "Article", "Webpage", "L" * 200, "很" * 100, "Causes 2", "",
]  # fmt: skip


def blocks(*headings: str, kind: str = "heading") -> str:
    return json.dumps(
        [
            {"type": kind, "value": text, "id": f"{number:08x}-0000-4000-8000-{number:012x}"}
            for number, text in enumerate(headings, 1)
        ]
    )


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        ("Do I need to fast?", "do-i-need-to-fast"),
        ("Café – what it does", "cafe-what-it-does"),
        ("Причины усталости", "prichiny-ustalosti"),
        ("Τι δείχνει", "ti-deichnei"),
        ("原因", "yuanyin"),
        ("???", "section"),
        ("id_email", "id-email"),
        ("word " * 60, "-".join(["word"] * 20)),
        ("x" * 300, "x" * LONGEST),
    ],
)
def test_an_anchor_reads_like_its_heading_in_any_script(text: str, anchor: str):
    assert heading_anchor(text) == anchor


@pytest.mark.django_db
def test_every_kind_of_page_keeps_its_ids_apart_whatever_its_headings_are():
    home = make_home()
    questions = {f"{text}{' ' * number}": "<p>Yes.</p>" for number, text in enumerate(NASTY)}
    for slug in ("main", "writers", "menu"):
        person = Person.objects.create(name=slug, slug=slug, role="Writer")
    item = {"type": "item", "value": {"question": "Causes", "answer": "<p>Yes.</p>"}}
    groups = [
        {"type": "group", "value": {"title": title, "questions": [item | {"id": f"{number}"}]}}
        for number, title in enumerate(("Main", "Causes", "Causes"))
    ]
    sources = [{"type": "source", "value": {"title": "A", "publisher": "B", "url": "https://a.example/"}}]
    pages = [
        make_article(questions, body=blocks(*NASTY), author=person, sources=json.dumps(sources)),
        make_faq_page(questions, subject="Search query"),
        make_faq_page({"Main": "<p>No.</p>"}, subject="Main"),
        make_faq_page({}, body=json.dumps(groups)),
        make_faq_page({"Main": "<p>No.</p>"}, subject="Main!"),
        make_plain_page(body=blocks(*NASTY)),
        make_package_page(make_package(), questions=question_stream(questions)),
        publish(home, PeoplePage(title="People", slug="people")),
    ]
    searches = ["/questions/", "/questions/?q=main", "/search/?q=main", "/search/?q=suicide", "/gone/"]
    for address in [page.url for page in pages] + searches:
        html = Client().get(address).content.decode()
        assert_ids_hold(html)
        assert max(len(name) for name in ids_of(html)) <= LONGEST + len("-123456")


@pytest.mark.django_db
def test_what_is_added_elsewhere_changes_no_address():
    page = make_article(body=blocks("Causes", "Signs", "Causes", "Causes"))
    before = list(page.anchors.values())
    assert before[:3] == ["causes", "signs", "causes-000003"]
    body = json.loads(blocks("Causes", "Signs", "Causes", "Causes"))
    new = {"type": "heading", "value": "New", "id": "ffffffff-0000-4000-8000-ffffffffffff"}
    twin = {**new, "value": "Causes", "id": "ffffffff-0000-4000-8000-fffffffffffe"}
    page.body = json.dumps([new, body[0], new | {"value": "Signs of it"}, body[2], twin, body[1], body[3]])
    after = page.save_revision().publish() or type(page).objects.get(pk=page.pk)
    assert set(before) <= set(after.anchors.values())


@pytest.mark.django_db
def test_both_of_two_equal_questions_are_found_and_led_to():
    page = make_article(
        {"Causes": "<p>Of iron.</p>", "Causes?": "<p>Of iron too.</p>"}, body=blocks("Causes")
    )
    found = Client().get("/search/?q=iron&kind=question").context["page_obj"]
    fragments = {urlsplit(result.url).fragment for result in found}
    assert len(fragments) == 2
    html = Client().get(page.url).content.decode()
    assert fragments <= ids_of(html).keys()
    [structured] = re.findall(r"ld\+json\">(.*?)</script>", html)
    assert all(f"{page.full_url}#{fragment}" in structured for fragment in fragments)


@pytest.mark.django_db
def test_the_questions_that_search_finds_can_be_made_anew():
    make_faq_page({"Is milk allowed?": "<p>Yes.</p>"})
    QuestionEntry.objects.update(anchor="of-an-older-version")
    call_command("index_questions")
    assert QuestionEntry.objects.get().anchor == "is-milk-allowed"


def test_the_names_that_pages_give_their_parts_are_kept_from_headings():
    rooms = (BASE_DIR / room for room in ("articles", "cms", "home", "shop/catalogue"))
    texts = (path.read_text() for room in rooms for path in room.rglob("*.html"))
    public = [text for text in texts if "wagtailadmin_tags" not in text]
    own = {name for text in public for name in re.findall(r'\sid="([^"{]+)"', text)}
    assert len(own) > 20
    assert own <= RESERVED
