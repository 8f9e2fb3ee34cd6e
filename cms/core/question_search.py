"""Searches published questions themselves, not the pages that carry them."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.safestring import SafeString
from wagtail.models import PageViewRestriction

from cms.core.models import QuestionEntry
from cms.core.search_words import excerpt, highlight, search_query


@dataclass(frozen=True)
class FoundQuestion:
    """A question with the words marked, and the address that opens its answer."""

    question: SafeString
    answer: SafeString
    page_title: str
    url: str


def search_questions(words: list[str], request: HttpRequest, limit: int) -> list[FoundQuestion]:
    """The best questions first; those of restricted pages are left out. Two queries."""
    closed = closed_branches()
    entries = QuestionEntry.objects.select_related("page").search(search_query(words))[:limit]
    return [
        FoundQuestion(
            question=highlight(entry.question, words),
            answer=highlight(excerpt(entry.answer_text, words), words),
            page_title=entry.page.title,
            url=f"{entry.page.get_url(request)}#{entry.anchor}",
        )
        for entry in entries
        if entry.page.live and not entry.page.path.startswith(closed)
    ]


def closed_branches() -> tuple[str, ...]:
    """The tree paths below which pages are not for everybody."""
    return tuple(PageViewRestriction.objects.values_list("page__path", flat=True))
