from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from cms.core import structured_data
from cms.core.anchors import Part, anchors_of, heading_anchor, key_of, unique_anchors
from cms.core.blocks import HELP_GROUP, QuestionBlock
from cms.core.fields import StreamField
from cms.core.models import BasePage
from cms.core.questions import Question, questions_of
from shop.attribution.blocks import OfferBlock


@dataclass(frozen=True)
class Subject:
    """What some question pages are about."""

    name: str
    anchor: str
    pages: list["FAQPage"]


class QuestionGroupBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    questions = blocks.ListBlock(QuestionBlock(), label=_("Questions"), min_num=1)

    class Meta:
        icon = "help"
        group = HELP_GROUP
        label = _("Group of questions")
        description = _("Questions that belong together, below one heading.")
        template = "articles/blocks/question_group.html"
        preview_value = {
            "title": "Before the sample",
            "questions": [
                {
                    "question": "Do I need to fast?",
                    "answer": "<p>Only if the check's page says so.</p>",
                },
                {"question": "May I drink water?", "answer": "<p>Yes, always.</p>"},
            ],
        }

    def get_context(self, value, parent_context=None):
        """Add the page's anchors; alone, as in a preview, the group's own."""
        page, items = (parent_context or {}).get("page"), value["questions"].bound_blocks
        parts = ((item, item.value["question"]) for item in items)
        anchors = page.anchors if isinstance(page, FAQPage) else anchors_of(parts)
        return {
            "anchor": heading_anchor(value["title"]),
            **super().get_context(value, parent_context),
            "questions": questions_of(items, anchors),
        }


class FAQIndexPage(BasePage):
    """All questions, by subject."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["articles.FAQPage"]
    max_count = 1

    class Meta:
        verbose_name = _("question index")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        """Add the question pages by subject."""
        return {**super().get_context(request, *args, **kwargs), "subjects": self.subjects()}

    def subjects(self) -> list["Subject"]:
        """Return live question pages grouped by subject, subjects and pages in the editors' order."""
        groups: dict[str, list[FAQPage]] = {}
        for page in FAQPage.objects.child_of(self).listed():
            groups.setdefault(page.subject, []).append(page)
        anchors = unique_anchors(groups)
        return [Subject(name, anchor, groups[name]) for name, anchor in zip(groups, anchors, strict=True)]


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

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        groups = [block for block in self.body if block.block_type == "group"]
        return {
            **super().get_context(request, *args, **kwargs),
            "contents": [
                {"title": group.value["title"], "anchor": self.anchors[key_of(group)]} for group in groups
            ],
            "other_pages": FAQPage.objects.sibling_of(self, inclusive=False).listed(),
        }

    def anchored_parts(self) -> Iterator[tuple[Part, str]]:
        for block in self.body:
            if block.block_type == "group":
                yield block, block.value["title"]
                for item in block.value["questions"].bound_blocks:
                    yield item, item.value["question"]

    def question_list(self) -> list[Question]:
        return [
            question
            for block in self.body
            if block.block_type == "group"
            for question in questions_of(block.value["questions"].bound_blocks, self.anchors)
        ]

    def structured_data(self, request: HttpRequest) -> list[dict]:
        return structured_data.faq_page(self.question_list(), self.address(request))
