"""The fragments that lead to headings and questions: one of each on a page, in any script, and lasting.

The first of several equal headings keeps the plain words; each other has its block's own id behind them, so
that what an editor adds, moves or removes elsewhere on the page changes no other address.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import count, zip_longest
from typing import Protocol

from anyascii import anyascii
from django.utils.text import slugify

LONGEST = 100
# Without words in a heading ("???").
NAMELESS = "section"
# What pages themselves call their parts; structured data names its things by the last row.
# fmt: off
RESERVED = frozenset([
    "at-a-glance", "buy", "buy-again", "cannot-tell", "checks-band", "contents", "featured-checks",
    "footer-about", "for-whom", "found", "how-it-works", "main", "measures", "menu", "newest-articles",
    "not-for-whom", "other-questions", "quantity-end", "quantity-top", "questions", "read-next", "related",
    "results", "reviewers", "search-query", "share", "sources", "writers",
    "article", "organization", "product", "webpage", "website",
])
# fmt: on


class Part(Protocol):
    """A block of a stream or of a list, as Wagtail binds it to its value."""

    id: str | None
    value: object


def heading_anchor(text: str) -> str:
    """Return the fragment of a heading alone: small Latin letters, digits and hyphens, at most `LONGEST`."""
    slug = slugify(anyascii(text) if _loses_letters(text) else text).replace("_", "-").strip("-")
    return _shortened(slug) or NAMELESS


def anchors_of(parts: Iterable[tuple[Part, str]]) -> dict[str, str]:
    """Return the anchor of each part of a page by its key; `parts` in reading order, each with its words."""
    listed = list(parts)
    anchors = unique_anchors((text for _, text in listed), [part.id for part, _ in listed])
    return {key_of(part): anchor for (part, _), anchor in zip(listed, anchors, strict=True)}


def unique_anchors(texts: Iterable[str], ids: Iterable[str | None] = ()) -> list[str]:
    """Return an anchor for each text; behind one that is taken stands a part of its id, or a number."""
    taken = set(RESERVED)
    anchors = []
    for text, own_id in zip_longest(texts, ids):
        anchors.append(
            next(name for name in _candidates(heading_anchor(text or ""), own_id) if name not in taken)
        )
        taken.add(anchors[-1])
    return anchors


def key_of(part: Part) -> str:
    """Return what tells a block from the others of its page: its own id; one made by hand may have none."""
    return part.id or f"unsaved-{id(part)}"


def _candidates(plain: str, own_id: str | None) -> Iterator[str]:
    yield plain
    if own_id:
        yield f"{plain}-{own_id.replace('-', '')[-6:]}"
    for number in count(2):
        yield f"{plain}-{number}"


def _loses_letters(text: str) -> bool:
    """Return whether some letter has no plain Latin one below its accents."""
    return any(
        sign.isalnum() and not unicodedata.normalize("NFKD", sign).encode("ascii", "ignore") for sign in text
    )


def _shortened(slug: str) -> str:
    if len(slug) <= LONGEST:
        return slug
    return slug[:LONGEST].rpartition("-")[0] or slug[:LONGEST]
