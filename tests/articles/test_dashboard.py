from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group

from articles.dashboard import reviews_due
from articles.models import ArticlePage
from cms.users.models import User
from tests.factories.site import make_article

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


def dated(title: str, due: date | None, **fields) -> ArticlePage:
    return make_article(title=title, next_review_due=due, **fields)


def log_in(client, group: str) -> None:
    user = User.objects.create_user(group.lower(), password="a-long-password")
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)


def test_reviews_that_run_out_are_named_most_urgent_first():
    dated("Next year", TODAY + timedelta(days=400))
    dated("Soon", TODAY + timedelta(days=59))
    dated("Late", TODAY - timedelta(days=1))
    dated("Draft", TODAY - timedelta(days=9)).unpublish()
    dated("Never reviewed", None)

    assert [(page.title, page.is_late) for page in reviews_due(TODAY)] == [("Late", True), ("Soon", False)]


@pytest.mark.parametrize("group", ["Editors", "Clinical reviewers"])
def test_who_may_edit_pages_sees_drafts_and_reviews(client, group):
    article = dated("Iron", date(2020, 1, 1))
    article.title = "Iron, revised"
    article.save_revision()
    log_in(client, group)

    page = client.get("/admin/").content.decode()

    assert "Waiting in the magazine" in page
    assert f"/admin/pages/{article.pk}/edit/" in page
    assert "review was due on 1 Jan 2020" in page
    assert "changes are not published" in page


def test_staff_see_no_panel_about_pages(client):
    log_in(client, "Staff")

    assert "Waiting in the magazine" not in client.get("/admin/").content.decode()
