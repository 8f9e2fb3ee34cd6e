"""What a reader typed, as words to look for and words to mark."""

import re
from itertools import product

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.search.query import Or, PlainText, SearchQuery

MAX_LENGTH = 100
MAX_WORDS = 8
EXCERPT_LENGTH = 200

# A question is typed as a sentence; these words stand on every page.
# fmt: off
COMMON_WORDS = frozenset([
    "a", "about", "an", "and", "are", "as", "at", "be", "by", "can", "could", "do", "does", "for", "from",
    "get", "has", "have", "how", "i", "if", "in", "is", "it", "me", "my", "of", "on", "or", "should", "so",
    "that", "the", "them", "there", "these", "they", "this", "to", "was", "we", "what", "when", "where",
    "which", "who", "why", "will", "with", "would", "you", "your",
])
# fmt: on
_ENDINGS = re.compile(r"['’](?:s|t|d|ll|m|re|ve)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """Return the words that carry meaning, in the order typed, each once; all of them when none does."""
    words = list(dict.fromkeys(_WORD.findall(_ENDINGS.sub("", text.lower()))))[:MAX_WORDS]
    return [word for word in words if word not in COMMON_WORDS] or words


def search_query(words: list[str]) -> SearchQuery:
    """Return a query for all words, each in the singular or the plural: SQLite's index knows no forms."""
    forms = [_forms(word) if position < 3 else [word] for position, word in enumerate(words)]
    variants = [PlainText(" ".join(variant), operator="and") for variant in product(*forms)]
    return variants[0] if len(variants) == 1 else Or(variants)


def highlight(text: str, words: list[str]) -> SafeString:
    """Return the text, escaped, with the words and their forms marked."""
    pieces = _pattern(words).split(text) if words else [text]
    return mark_safe(
        "".join(
            f"<mark>{conditional_escape(piece)}</mark>" if position % 2 else conditional_escape(piece)
            for position, piece in enumerate(pieces)
        )
    )


def excerpt(text: str, words: list[str]) -> str:
    """Return the part of a long text around the first word found, cut between words."""
    if len(text) <= EXCERPT_LENGTH:
        return text
    found = _pattern(words).search(text) if words else None
    start = max(0, found.start() - EXCERPT_LENGTH // 3) if found else 0
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = text.rfind(" ", start, start + EXCERPT_LENGTH)
    end = len(text) if len(text) - start <= EXCERPT_LENGTH else max(end, start + 1)
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"


def _forms(word: str) -> list[str]:
    if len(word) < 4 or not word.isalpha() or word.endswith("ss"):
        return [word]
    if word.endswith("ies"):
        return [word, f"{word[:-3]}y"]
    if word.endswith("s"):
        return [word, word[:-1]]
    if word.endswith("y"):
        return [word, f"{word}s", f"{word[:-1]}ies"]
    return [word, f"{word}s"]


def _pattern(words: list[str]) -> re.Pattern[str]:
    stems = sorted({min(_forms(word), key=len) for word in words}, key=len, reverse=True)
    alternatives = (rf"{re.escape(stem)}\w*" if len(stem) > 3 else rf"{re.escape(stem)}\b" for stem in stems)
    return re.compile(rf"\b({'|'.join(alternatives)})", re.IGNORECASE)
