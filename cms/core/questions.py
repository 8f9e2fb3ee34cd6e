"""Questions and answers as a page carries them."""

from collections.abc import Iterable
from typing import TypedDict

from django.utils.safestring import SafeString
from wagtail.rich_text import RichText, get_text_for_indexing

from cms.core.blocks import heading_anchor


class Question(TypedDict):
    """One question: `answer` prints, `answer_html` is as the database keeps it, `anchor` leads to it."""

    question: str
    answer: RichText
    answer_html: str
    anchor: str


def questions_of(stream: Iterable) -> list[Question]:
    """The questions of a stream of question blocks, or of a plain list of their values."""
    return [as_question(getattr(item, "value", item)) for item in stream]


def as_question(value) -> Question:
    """One question block's value; an unfinished one has an empty answer."""
    answer = value.get("answer") or RichText("")
    return Question(
        question=value["question"],
        answer=answer,
        answer_html=answer.source,
        anchor=heading_anchor(value["question"]),
    )


def answer_text(question: Question) -> str:
    """The answer without markup, words of neighbouring paragraphs apart."""
    return " ".join(SafeString(get_text_for_indexing(question["answer_html"])).split())
