from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from tests.factories.site import make_article

pytestmark = pytest.mark.django_db

ATOM = {"atom": "http://www.w3.org/2005/Atom"}


def entries() -> list[ElementTree.Element]:
    response = Client().get("/feed/")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    # The site's own answer, so there is no hostile XML in it.
    return ElementTree.fromstring(response.content).findall("atom:entry", ATOM)  # noqa: S314 - the site's own feed


def test_the_newest_article_comes_first_with_its_author():
    make_article(title="Older")
    newer = make_article(title="Newer")
    newest, oldest = entries()
    assert newest.findtext("atom:title", namespaces=ATOM) == "Newer"
    assert newest.find("atom:link", ATOM).get("href").endswith(newer.url)
    assert newest.findtext("atom:author/atom:name", namespaces=ATOM) == "Ada Author"
    assert newest.findtext("atom:summary", namespaces=ATOM) == "What to know."
    assert oldest.findtext("atom:title", namespaces=ATOM) == "Older"


def test_drafts_and_private_articles_stay_out():
    make_article().unpublish()
    PageViewRestriction.objects.create(page=make_article(), restriction_type="login")
    assert entries() == []


def test_the_feed_does_not_take_a_query_for_each_article(settings):
    settings.PAGE_CACHE = False
    make_article()
    entries()
    with CaptureQueriesContext(connection) as one:
        entries()
    for _number in range(5):
        make_article()
    with CaptureQueriesContext(connection) as six:
        assert len(entries()) == 6
    assert len(one) == len(six), "site, restrictions, articles"


def test_what_was_stored_unclean_takes_the_feed_from_nobody():
    article = make_article(title="Iron\x0band\x00 tea\ufffe")
    type(article.category).objects.update(name="Sym\x0cptoms")

    [entry] = entries()

    assert entry.findtext("atom:title", namespaces=ATOM) == "Iron and tea"
    assert entry.find("atom:category", ATOM).get("term") == "Sym ptoms"
