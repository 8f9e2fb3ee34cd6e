"""What only some may read is nowhere on a page for everybody: no title, no introduction, no suggestion."""

import json

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from articles.models import PeoplePage, RecommendedLink
from shop.catalogue.models.pages import PackagePage, RelatedLink
from tests.factories.shop import make_package
from tests.factories.site import (
    make_article,
    make_faq_page,
    make_home,
    make_package_page,
    make_plain_page,
    publish,
)

pytestmark = pytest.mark.django_db

# Found by the first word, which a search repeats; given away by the second.
SECRET = "Zebra giraffe"
GIVEN_AWAY = "giraffe"


def make_secrets() -> list[Page]:
    """One page of each kind, with the word in its title, introduction and questions."""
    words = {"title": SECRET, "introduction": f"All about the {GIVEN_AWAY}."}
    questions = {f"Is a {SECRET} tall?": f"<p>A {GIVEN_AWAY} is.</p>"}
    return [
        make_article(questions, **words, slug="secret"),
        make_faq_page(questions, **words),
        make_package_page(make_package(name=SECRET, sku="SECRET"), **words, is_featured=True),
        make_plain_page(**words, show_in_menus=True),
    ]


def make_open_pages(secrets: list[Page]) -> dict[str, str]:
    """Pages for everybody that name all of them, and whatever else lists pages; by what they are."""
    article, faq, package_page, plain = secrets
    offer = {"type": "offer", "value": {"package": package_page.package_id, "reason": "It fits."}}
    reading = make_article(title="Open", body=json.dumps([offer]), author=article.author)
    RecommendedLink.objects.create(page=reading, target=article)
    for each in (reading, article):
        each.tags.add("Iron")
        each.save()
    open_faq = make_faq_page({"Open?": "<p>Yes.</p>"})
    open_package = PackagePage.objects.get(pk=make_package_page(make_package(name="Open")).pk)
    for target in (article, faq, plain):
        RelatedLink.objects.create(page=open_package, target=target)
    people = publish(make_home(), PeoplePage(title="People", slug="people"))
    return {
        "home": "/",
        "article index": article.get_parent().url,
        "category": f"{article.get_parent().url}category/{article.category.slug}/",
        "tag": f"{article.get_parent().url}tag/iron/",
        "people": people.url,
        "article": reading.url,
        "question index": faq.get_parent().url,
        "question page": open_faq.url,
        "package index": package_page.get_parent().url,
        "package": open_package.url,
        "search": "/search/?q=zebra",
        "search of questions": f"{faq.get_parent().url}?q=zebra",
        "suggestion": "/search/?q=giraff",
        "feed": "/feed/",
        "sitemap": "/sitemap.xml",
        "any page's menu": "/basket/",
    }


def giving_away(addresses: dict[str, str]) -> set[str]:
    """Which of these pages show the secret."""
    told = set()
    for name, address in addresses.items():
        page = Client().get(address).content.decode().lower()
        if GIVEN_AWAY in page or "/secret/" in page:
            told.add(name)
    return told


@pytest.mark.parametrize("kind", ["password", "login", "groups"])
@pytest.mark.parametrize("above", [False, True])
def test_what_only_some_may_read_stands_on_no_page_for_everybody(
    kind, above, django_capture_on_commit_callbacks
):
    secrets = make_secrets()
    addresses = make_open_pages(secrets)
    assert giving_away(addresses) == set(addresses), "the control: each of them lists pages"

    closed = {page.get_parent().pk: page.get_parent() for page in secrets[:3]}.values() if above else secrets
    with django_capture_on_commit_callbacks(execute=True):
        for page in [*closed, secrets[3]]:
            restriction = PageViewRestriction.objects.create(
                page=page, restriction_type=kind, password="sesame"
            )
            if kind == "groups":
                restriction.groups.add(Group.objects.get(name="Editors"))

    assert giving_away(addresses) == set()
