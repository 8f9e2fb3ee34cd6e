from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index

from articles.models import ArticlePage, shelves
from cms.core import structured_data
from cms.core.blocks import HELP_GROUP, TEXT_BLOCKS
from cms.core.fields import StreamField
from cms.core.models import BasePage
from cms.core.page_meta import site_name
from shop.catalogue.models import PackagePage

CARDS = 3


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=80)
    text = blocks.TextBlock(label=_("Text"), max_length=300)

    class Meta:
        icon = "order"
        group = HELP_GROUP
        label = _("Step")
        description = _("One step of how it works, in a short title and two sentences.")
        template = "home/blocks/step.html"
        preview_value = {"title": "Read first", "text": "Find your question among our articles."}

    def get_context(self, value, parent_context=None):
        return {**super().get_context(value, parent_context), "steps": [value]}


class HomePage(BasePage):
    """What this site is, and the ways in."""

    steps = StreamField([("step", StepBlock())], verbose_name=_("how it works"), blank=True, max_num=4)
    promise_title = models.CharField(_("title of the promise"), max_length=120, blank=True)
    promise_text = models.TextField(_("promise"), max_length=500, blank=True)

    parent_page_types = ["wagtailcore.Page"]
    max_count = 1
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("steps"),
        MultiFieldPanel([FieldPanel("promise_title"), FieldPanel("promise_text")], heading=_("Promise")),
    ]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        """Add the ways in: featured health checks, the newest articles, and the categories."""
        packages = list(PackagePage.objects.for_cards().filter(is_featured=True)[:CARDS])
        return {
            **super().get_context(request, *args, **kwargs),
            "package_pages": packages,
            "articles": list(ArticlePage.objects.for_cards()[:CARDS]),
            "categories": shelves(),
            "steps": [step.value for step in self.steps],
            "sample": _with_sample_report(packages),
        }

    def structured_data(self, request: HttpRequest) -> list[dict]:
        name = site_name(request)
        return [
            structured_data.organization(name, request),
            structured_data.website(name, self.introduction, request),
        ]


def _with_sample_report(packages: list[PackagePage]) -> dict[str, Any]:
    """Return the first results and note that a package has; without them the component draws its own."""
    for page in packages:
        if page.sample_report:
            return {"results": [block.value for block in page.sample_report], "note": page.doctor_note}
    return {}


class PlainPage(BasePage):
    """About, privacy, terms: text without a byline."""

    body = StreamField(TEXT_BLOCKS, verbose_name=_("body"), blank=True)

    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    content_panels = [*BasePage.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("plain page")
