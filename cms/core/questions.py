"""Questions and answers as a page carries them."""

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from django.utils.safestring import SafeString
from wagtail.rich_text import RichText, get_text_for_indexing

from cms.core.anchors import Part, key_of


class Question(TypedDict):
    """One question: `answer` prints, `answer_html` is as the database keeps it, `anchor` leads to it."""

    question: str
    answer: RichText
    answer_html: str
    anchor: str


def questions_of(blocks: Iterable[Part], anchors: Mapping[str, str]) -> list[Question]:
    """Return the questions of the question blocks in a stream or a list, with the page's anchors."""
    return [_question(block.value, anchors[key_of(block)]) for block in blocks]


def _question(value: Any, anchor: str) -> Question:
    """Return one question; an unfinished one has an empty answer."""
    answer = value.get("answer") or RichText("")
    return Question(
        question=value["question"],
        answer=answer,
        answer_html=answer.source,
        anchor=anchor,
    )


def answer_text(question: Question) -> str:
    """Return the answer without markup, words of neighbouring paragraphs apart."""
    return " ".join(SafeString(get_text_for_indexing(question["answer_html"])).split())
