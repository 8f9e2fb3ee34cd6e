"""What a reader wants to know before reading: how long it takes, and what there is."""

from math import ceil
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cms.core.anchors import key_of

if TYPE_CHECKING:
    from articles.models.articles import ArticlePage

# A calm pace for adults and factual prose: Brysbaert 2019, doi.org/10.1016/j.jml.2019.104047, has 238.
WORDS_A_MINUTE = 220


def minutes(article: "ArticlePage") -> int:
    """How long the introduction, body and questions take to read, in minutes and at least one."""
    texts = [article.introduction]
    for stream in (article.body, article.questions):
        texts += stream.stream_block.get_searchable_content(stream)
    return max(1, ceil(sum(len(text.split()) for text in texts) / WORDS_A_MINUTE))


def contents(article: "ArticlePage") -> list[dict[str, str]]:
    """The sections in the order of the page, each with the fragment that leads to it."""
    sections = [
        {"title": block.value, "anchor": article.anchors[key_of(block)]}
        for block in article.body
        if block.block_type == "heading"
    ]
    if article.questions:
        sections.append({"title": _("Questions"), "anchor": "questions"})
    if article.sources:
        sections.append({"title": _("Sources"), "anchor": "sources"})
    return sections
