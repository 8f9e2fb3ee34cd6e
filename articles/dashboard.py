"""What waits for editors and clinicians, on the admin's first page."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from articles.models import ArticlePage
from cms.core.calendar import site_day, site_today
from cms.core.publishing import overdue_revisions

REVIEW_NOTICE = timedelta(days=60)
MAX_PAGES = 8


@dataclass(frozen=True)
class WaitingPage:
    """A page that somebody should open, and why."""

    title: str
    url: str
    reason: str
    is_late: bool = False


class MagazinePanel(Component):
    """Pages whose clinical review runs out, and changes that were saved and not published."""

    name = "magazine"
    template_name = "articles/dashboard.html"
    order = 60

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context):
        user = self.request.user
        return {"waiting": [*not_published(user), *reviews_due(site_today()), *unpublished_changes(user)]}


def not_published(user) -> list[WaitingPage]:
    """Return pages whose scheduled version is due and could not go live, the oldest first."""
    due = {revision.object_id: revision.approved_go_live_at for revision in overdue_revisions()[:MAX_PAGES]}
    pages = page_permission_policy.instances_user_has_permission_for(user, "change").filter(pk__in=due)
    words = _("should have gone live on %(day)s and could not: open it and publish it to see why")
    return [
        _waiting(page, words % {"day": date_format(site_day(due[str(page.pk)]))}, is_late=True)
        for page in sorted(pages, key=lambda page: due[str(page.pk)])
    ]


def reviews_due(today: date) -> list[WaitingPage]:
    """Return live articles whose review is over or ends within sixty days, the most urgent first."""
    due = ArticlePage.objects.live().filter(alias_of=None, next_review_due__lte=today + REVIEW_NOTICE)
    return [
        _waiting(page, _review_reason(page.next_review_due, today), is_late=page.next_review_due < today)
        for page in due.order_by("next_review_due")[:MAX_PAGES]
    ]


def unpublished_changes(user) -> list[WaitingPage]:
    """Return pages this person may edit with changes that readers do not see yet, the newest first."""
    pages = page_permission_policy.instances_user_has_permission_for(user, "change")
    drafts = pages.filter(has_unpublished_changes=True).order_by("-latest_revision_created_at")
    return [
        _waiting(page, _("changes are not published") if page.live else _("is a draft"))
        for page in drafts[:MAX_PAGES]
    ]


def _review_reason(due: date, today: date) -> str:
    words = _("review was due on %(day)s") if due < today else _("review is due by %(day)s")
    return words % {"day": date_format(due)}


def _waiting(page: Page, reason: str, *, is_late: bool = False) -> WaitingPage:
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return WaitingPage(page.get_admin_display_title(), url, reason, is_late)
