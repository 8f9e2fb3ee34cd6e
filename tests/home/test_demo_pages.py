"""Every public page type with the demo content: within its budget, and true in what it tells machines."""

import json
import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.page_cache.versions import start_new_version
from shop.catalogue.models import PackagePage
from shop.orders.readiness import missing_for_selling
from tests.documents import assert_ids_hold

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_renditions")]

FRAME = "site, pages of the address, the page's own type, menu and settings after a purge"
BUDGETS = {
    "/": (12, f"{FRAME}; packages, articles, their pictures, categories"),
    "/articles/": (12, f"{FRAME}; articles, their pictures, categories, count"),
    "/articles/always-tired/": (10, f"{FRAME}; recommended, tags, offers, pictures"),
    "/articles/hair-loss/": (10, f"{FRAME}; recommended, tags, offers, pictures"),
    "/questions/": (12, f"{FRAME}; question pages"),
    "/questions/before-you-buy/": (10, f"{FRAME}; renditions, offers, other pages"),
    "/health-checks/": (12, f"{FRAME}; packages, pictures"),
    "/health-checks/essential-check/": (10, f"{FRAME}; contents, related pages, pictures"),
    "/people/": (12, f"{FRAME}; people, pictures, articles"),
    "/about/": (10, FRAME),
    "/search/?q=iron": (12, "site, four kinds"),
    "/search/?q=thyriod": (12, "the same, and the vocabulary"),
}
SAID = {"name", "headline", "description", "text", "articleSection"}


@pytest.fixture(autouse=True)
def _every_request_renders(settings):
    settings.PAGE_CACHE = False


@pytest.mark.parametrize("path", BUDGETS)
def test_a_page_keeps_its_budget(path: str):
    budget, spent_on = BUDGETS[path]
    assert Client().get(path).status_code == 200
    start_new_version()  # the first reader after a publication pays for menu and settings too
    with CaptureQueriesContext(connection) as queries:
        Client().get(path)
    assert len(queries) <= budget, f"{path} may ask for: {spent_on}; it asked:\n" + "\n".join(
        query["sql"][:150] for query in queries
    )


@pytest.mark.parametrize("path", [path for path in BUDGETS if "?" not in path])
def test_a_page_tells_machines_only_what_it_shows(path: str):
    html = Client().get(path).content.decode()
    shown = visible_text(html)
    graph = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])
    unseen = [text for text in said_in(graph) if " ".join(text.split()) not in shown]
    assert not unseen


@pytest.mark.parametrize("path", BUDGETS)
def test_a_page_has_one_title_one_heading_and_a_description(path: str):
    html = Client().get(path).content.decode()
    assert len(re.findall(r"<title>[^<]+</title>", html)) == 1
    assert html.count("<h1") == 1
    assert '<meta name="description" content="' in html


@pytest.mark.parametrize("path", BUDGETS)
def test_a_page_carries_no_inline_style_or_script(path: str):
    html = Client().get(path).content.decode()
    assert not re.findall(r"<script(?![^>]*(?:src=|ld\+json))", html)
    assert " style=" not in html
    assert "<style" not in html


def test_the_price_told_to_machines_is_the_price_shown():
    for page in PackagePage.objects.live().select_related("package"):
        html = Client().get(page.url).content.decode()
        assert f'"price": "{page.package.price_amount // 100}.00"' in html
        assert page.package.price in visible_text(html)


def test_every_link_on_these_pages_leads_somewhere():
    checked: set[str] = set()
    for path in BUDGETS:
        for link in re.findall(r'<a [^>]*href="(/[^"#]*)', Client().get(path).content.decode()):
            checked.add(unescape(link))
    missing = [link for link in sorted(checked) if Client().get(link).status_code >= 400]
    assert len(checked) > 40
    assert not missing


@pytest.mark.parametrize("path", BUDGETS)
def test_no_id_stands_twice_and_what_refers_to_one_finds_it(path: str):
    assert_ids_hold(Client().get(path).content.decode())


def test_every_fragment_link_to_a_question_has_its_answer():
    html = Client().get("/questions/").content.decode()
    for address, anchor in re.findall(r'href="(/questions/[^"#]+)#([^"]+)"', html):
        assert f'id="{anchor}"' in Client().get(address).content.decode()


def visible_text(html: str) -> str:
    body = html.partition("<body")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def said_in(value: object) -> list[str]:
    """Return the texts under the names that a reader must be able to find."""
    if isinstance(value, list):
        return [text for item in value for text in said_in(item)]
    if not isinstance(value, dict):
        return []
    own = [text for name, text in value.items() if name in SAID and isinstance(text, str)]
    return own + [text for item in value.values() for text in said_in(item)]


def test_the_demo_has_all_that_selling_needs():
    assert missing_for_selling() == []
