from typing import Any

from django.db import models
from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from articles.models.articles import ArticlePage
from cms.core.anchors import RESERVED
from cms.core.models import BasePage
from cms.core.navigation import address_of
from cms.images.pictures import prefetch_pictures


class Person(index.Indexed, models.Model):
    """Somebody who writes or clinically reviews pages, named with what qualifies them."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    role = models.CharField(_("role"), max_length=120)
    qualifications = models.CharField(_("qualifications"), max_length=200, blank=True)
    biography = models.TextField(_("biography"), blank=True)
    picture = models.ForeignKey(
        "images.CustomImage",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    is_clinician = models.BooleanField(
        _("clinician"), default=False, help_text=_("May be named as a reviewer.")
    )

    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]
    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("role"),
        FieldPanel("qualifications"),
        FieldPanel("biography"),
        FieldPanel("picture"),
        FieldPanel("is_clinician"),
    ]

    class Meta:
        ordering = ["name"]
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name

    @property
    def anchor(self) -> str:
        """The fragment that leads to them on the people page; a colon stands in no slug."""
        return f"person:{self.slug}" if self.slug in RESERVED else self.slug


class PeoplePage(BasePage):
    """Everybody who writes and reviews; bylines link to a person here."""

    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    max_count = 1

    class Meta:
        verbose_name = _("people page")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        """Add writers and clinical reviewers, each with their articles."""
        people = list(_with_articles())
        return {
            **super().get_context(request, *args, **kwargs),
            "writers": [person for person in people if not person.is_clinician],
            "reviewers": [person for person in people if person.is_clinician],
            "checks_address": address_of(request, "packageindexpage"),
        }


def _with_articles() -> models.QuerySet:
    newest = ArticlePage.objects.listed().defer_streamfields().order_by("-first_published_at")
    return Person.objects.select_related("picture").prefetch_related(
        prefetch_pictures(),
        Prefetch("written_articles", newest, to_attr="written"),
        Prefetch("reviewed_articles", newest, to_attr="reviewed"),
    )
