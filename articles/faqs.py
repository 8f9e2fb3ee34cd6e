from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from cms.core.blocks import HELP_GROUP, QuestionBlock
from cms.core.models import BasePage
from shop.attribution.blocks import OfferBlock


class QuestionGroupBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    questions = blocks.ListBlock(QuestionBlock(), label=_("Questions"), min_num=1)

    class Meta:
        icon = "help"
        group = HELP_GROUP
        label = _("Group of questions")
        description = _("Questions that belong together, below one heading.")
        template = "streamfield/question_group.html"


class FAQIndexPage(BasePage):
    """All questions, by subject."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["articles.FAQPage"]
    max_count = 1

    class Meta:
        verbose_name = _("question index")


class FAQPage(BasePage):
    """Questions about one subject, in groups; each can be opened, linked and found."""

    subject = models.CharField(
        _("subject"), max_length=80, help_text=_("Pages with the same subject stand together.")
    )
    body = StreamField(
        [("group", QuestionGroupBlock()), ("offer", OfferBlock())], verbose_name=_("questions"), blank=True
    )

    parent_page_types = ["articles.FAQIndexPage"]
    subpage_types: list[str] = []
    search_fields = [*BasePage.search_fields, index.SearchField("body"), index.SearchField("subject")]
    content_panels = [*BasePage.content_panels, FieldPanel("subject"), FieldPanel("body")]

    class Meta:
        verbose_name = _("question page")
