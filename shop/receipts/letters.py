"""Texts that the fonts cannot show, written in letters that they can."""

import re
from collections.abc import Callable
from typing import Any

from wagtail.coreutils import string_to_ascii

UNKNOWN = "?"
SPACES = re.compile(r"(\s+)")


def in_known_letters(words: Any, can_show: Callable[[str], bool]) -> Any:
    """The same texts, lists and dictionaries with every word that cannot be shown in Latin letters."""
    if isinstance(words, dict):
        return {name: in_known_letters(value, can_show) for name, value in words.items()}
    if isinstance(words, list):
        return [in_known_letters(value, can_show) for value in words]
    return "".join(_known(part, can_show) for part in SPACES.split(words))


def _known(part: str, can_show: Callable[[str], bool]) -> str:
    """A word, or the space between two."""
    if part.isspace():
        return " "
    if is_plain(part) or can_show(part):
        return part
    latin = "".join(letter for letter in string_to_ascii(part) if letter.isprintable())
    return latin.strip() or UNKNOWN


def is_plain(text: str) -> bool:
    """Whether every font has all of it."""
    return text.isascii() and text.isprintable()
