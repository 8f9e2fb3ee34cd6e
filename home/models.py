from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from cms.core.blocks import TEXT_BLOCKS
from cms.core.models import BasePage


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=80)
    text = blocks.TextBlock(label=_("Text"), max_length=300)

    class Meta:
        icon = "order"
        label = _("Step")


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


class PlainPage(BasePage):
    """About, privacy, terms: text without a byline."""

    body = StreamField(TEXT_BLOCKS, verbose_name=_("body"), blank=True)

    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    content_panels = [*BasePage.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("plain page")
