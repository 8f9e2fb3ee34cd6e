from typing import Any

from django.db import models
from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.models.people import Person
from cms.core.models import BasePage
from cms.core.navigation import address_of
from cms.images.pictures import prefetch_pictures


class PeoplePage(BasePage):
    """Everybody who writes and reviews; bylines link to a person here."""

    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    max_count = 1

    class Meta:
        verbose_name = _("people page")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        """Writers and clinical reviewers, each with their articles."""
        people = list(_with_articles())
        return {
            **super().get_context(request, *args, **kwargs),
            "writers": [person for person in people if not person.is_clinician],
            "reviewers": [person for person in people if person.is_clinician],
            "checks_address": address_of(request, "packageindexpage"),
        }


def _with_articles() -> models.QuerySet:
    from articles.models.articles import ArticlePage  # which names Person

    newest = ArticlePage.objects.listed().defer_streamfields().order_by("-first_published_at")
    return Person.objects.select_related("picture").prefetch_related(
        prefetch_pictures(),
        Prefetch("written_articles", newest, to_attr="written"),
        Prefetch("reviewed_articles", newest, to_attr="reviewed"),
    )
