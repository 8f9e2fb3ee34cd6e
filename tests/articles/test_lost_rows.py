"""Versions of an article that name a category, people or pictures which are deleted meanwhile."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import ArticlePage, Category, Person, RecommendedLink
from cms.users.models import User
from shop.catalogue.models import PackagePage
from tests.articles.test_dashboard import log_in
from tests.factories.shop import make_package
from tests.factories.site import make_article

# Wagtail fills its index of references after the commit.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def editor() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("chief"))
    return client


def named_in_a_draft() -> tuple[ArticlePage, list]:
    """Return a live article, and what only its draft names."""
    article = make_article(title="Iron")
    shelf = Category.objects.create(name="Shelf", slug="shelf")
    person = Person.objects.create(name="Rita Reviewer", slug="rita", role="Doctor", is_clinician=True)
    other, package = make_article(title="Other"), make_package()
    article.category, article.author, article.reviewer = shelf, person, person
    article.recommended_links = [RecommendedLink(target=other)]
    offer = {"type": "offer", "value": {"package": package.pk, "reason": "It fits."}}
    article.body = json.dumps([offer])
    article.save_revision()
    return ArticlePage.objects.get(pk=article.pk), [shelf, person, other, package]


def schedule(article: ArticlePage) -> None:
    draft = article.get_latest_revision_as_object()
    draft.go_live_at = timezone.now() + timedelta(hours=1)
    draft.save_revision().publish()


def test_what_a_draft_needs_is_not_deleted_and_what_it_names_says_so(editor):
    _article, (shelf, person, other, package) = named_in_a_draft()

    for needed in (shelf, person):
        address = reverse(needed.snippet_viewset.get_url_name("delete"), args=[needed.pk])
        asked = editor.get(address).content.decode()
        answer = editor.post(address, follow=True).content.decode()
        assert "Yes, delete" not in asked
        for page in (asked, answer):
            assert "it is still used" in page
            assert "“Iron”" in page
        assert type(needed).objects.filter(pk=needed.pk).exists()
    for named in (
        reverse("wagtailadmin_pages:usage", args=[other.pk]),
        reverse("packages:usage", args=[package.pk]),
    ):
        used = editor.get(named).content.decode()
        assert "Iron" in used
        assert "Draft or scheduled version" in used


def test_a_published_or_changed_draft_holds_nothing_any_more(editor):
    article, (shelf, *_others) = named_in_a_draft()
    article.get_latest_revision().publish()
    article.refresh_from_db()
    article.category = Category.objects.exclude(pk=shelf.pk).get()
    article.save_revision().publish()

    editor.post(reverse(Category.snippet_viewset.get_url_name("delete"), args=[shelf.pk]))

    assert not Category.objects.filter(pk=shelf.pk).exists()


def test_every_screen_of_a_version_whose_rows_are_gone_answers(editor):
    article, named = named_in_a_draft()
    first, last = article.revisions.order_by("pk").first(), article.get_latest_revision()
    PackagePage.objects.filter(package=named[-1]).delete()
    for row in named:
        type(row).objects.filter(pk=row.pk).delete()
    screens = {
        "edit": [],
        "view_draft": [],
        "usage": [],
        "history": [],
        "delete": [],
        "copy": [],
        "unpublish": [],
        "revisions_view": [last.pk],
        "revisions_revert": [last.pk],
    }
    addresses = [
        reverse(f"wagtailadmin_pages:{name}", args=[article.pk, *more]) for name, more in screens.items()
    ]
    pairs = [("live", last.pk), (first.pk, last.pk), (last.pk, "live")]
    addresses += [reverse("wagtailadmin_pages:revisions_compare", args=[article.pk, *pair]) for pair in pairs]

    assert {address: editor.get(address).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )
    words = editor.get(addresses[0]).content.decode()
    assert "has been deleted: category, author, clinical reviewer" in words


def test_one_version_that_cannot_go_live_keeps_no_other_back_and_is_on_the_dashboard(client, caplog):
    bad, (shelf, *_others) = named_in_a_draft()
    good, expired = make_article(title="Good"), make_article(title="Expired")
    good.title = "Better"
    good.save_revision()
    good.refresh_from_db()
    schedule(bad)
    schedule(good)
    expired.expire_at = timezone.now() + timedelta(minutes=30)
    expired.save_revision().publish()
    shelf.delete()

    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        call_command("publish_scheduled")
        call_command("publish_scheduled")
        log_in(client, "Editors")
        board = client.get("/admin/").content.decode()

    good.refresh_from_db()
    expired.refresh_from_db()
    bad.refresh_from_db()
    assert (good.title, expired.live, bad.live) == ("Better", False, True)
    assert bad.get_latest_revision().approved_go_live_at is not None
    assert caplog.text.count(f"wagtailcore.Revision {bad.latest_revision_id} cannot go live") == 1
    assert "could not: open it and publish it to see why" in board
    assert f"/admin/pages/{bad.pk}/edit/" in board


def test_an_approval_of_a_version_without_its_category_is_refused_in_words(editor):
    article, (shelf, *_others) = named_in_a_draft()
    user = User.objects.get(username="chief")
    task = article.get_workflow().start(article, user).current_task_state
    shelf.delete()

    address = reverse("wagtailadmin_pages:workflow_action", args=[article.pk, "approve", task.pk])
    answer = editor.post(address, follow=True)

    assert answer.status_code == 200
    assert "Nothing was saved. Category:" in answer.content.decode()
    task.refresh_from_db()
    assert task.status == task.STATUS_IN_PROGRESS
