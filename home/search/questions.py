"""Searches published questions themselves, not the pages that carry them."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.safestring import SafeString

from cms.core.listing import listed_pages
from home.search.models import QuestionEntry
from home.search.words import excerpt, highlight, search_query


@dataclass(frozen=True)
class FoundQuestion:
    """A question with the words marked, and the address that opens its answer."""

    question: SafeString
    answer: SafeString
    page_title: str
    url: str


def search_questions(words: list[str], request: HttpRequest, limit: int) -> list[FoundQuestion]:
    """The best questions of listed pages first; one query."""
    listed = QuestionEntry.objects.filter(page_id__in=listed_pages().values("pk")).select_related("page")
    entries = listed.search(search_query(words))[:limit]
    return [
        FoundQuestion(
            question=highlight(entry.question, words),
            answer=highlight(excerpt(entry.answer_text, words), words),
            page_title=entry.page.title,
            url=f"{entry.page.get_url(request)}#{entry.anchor}",
        )
        for entry in entries
    ]
