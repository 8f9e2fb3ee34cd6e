"""Knows the words of a crisis, so that whoever types them is answered with help before anything else.

The words are data (crisis_words.toml). Whom to call is the site's settings.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from anyascii import anyascii
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from cms.core.models import SiteSettings
from cms.page_cache.middleware import keep_private
from cms.typed.text import clean_identity

Answer = TypeVar("Answer", bound=HttpResponseBase)

WORDS = Path(__file__).with_name("crisis_words.toml")

# A whole letter may be pasted into a search box; what somebody needs is said in its first words.
MAX_WORDS = 300
WORDS_BETWEEN = 2
MAX_SPELLED_WORDS = 20  # words that are tried as one: "s u i c i d e"
MIN_MISTYPED_LENGTH = 4


@dataclass(frozen=True)
class Advice:
    heading: object  # translated when it is printed
    text: object


ADVICE = {
    "despair": Advice(
        _("You do not have to carry this alone"),
        _(
            "If you think of ending your life, or of hurting yourself or somebody else, talk to somebody "
            "now. People who know how to listen are there for you."
        ),
    ),
    "poisoning": Advice(
        _("Too much of a medicine, or poisoned?"),
        _("Get help at once, even if there are no signs yet. Keep the packet at hand."),
    ),
    "abuse": Advice(
        _("If somebody hurts you, or makes you afraid"),
        _("It is not your fault, and there are people who help. If you are in danger now, get help now."),
    ),
    "emergency": Advice(
        _("This may be an emergency"),
        _("Get medical help at once. Do not wait for a test or a result, and do not drive yourself."),
    ),
}
# Who thinks of an overdose may think of dying.
HELPED_WITH = {"poisoning": ("poisoning", "despair")}


@dataclass(frozen=True)
class Line:
    """Somebody who helps; `call` is the link that dials, "" without a number."""

    name: str
    number: str
    url: str = ""
    note: str = ""

    @property
    def call(self) -> str:
        return f"tel:{re.sub('[^0-9+]', '', self.number)}" if self.number else ""

    @property
    def host(self) -> str:
        return (urlsplit(self.url).hostname or "").removeprefix("www.")


@dataclass(frozen=True)
class Help:
    """What stands above everything else."""

    advice: list[Advice]
    emergency: Line
    helplines: list[Line]


@dataclass(frozen=True)
class _Kind:
    name: str
    together: frozenset[str]
    rules: tuple[tuple[tuple[str, ...], ...], ...]


@dataclass(frozen=True)
class _Words:
    kinds: tuple[_Kind, ...]
    harmless: re.Pattern[str]
    not_mistyped: frozenset[str]
    mistyped: tuple[str, ...]
    beginnings: tuple[str, ...]


def help_for(text: str, request: HttpRequest) -> Help | None:
    """Return the help that these words ask for; None without a crisis."""
    kinds = crises_in(text)
    if not kinds:
        return None
    words = SiteSettings.for_request(request)
    needs = {need for kind in kinds for need in HELPED_WITH.get(kind, (kind,))}
    return Help(
        [ADVICE[kind] for kind in kinds],
        Line("", words.emergency_number),
        [_line(line.value) for line in words.helplines if line.value["helps_with"] in {"anything", *needs}],
    )


def _line(value: Mapping) -> Line:
    return Line(value["name"], value["number"], value["url"], value["note"])


def unrecorded(response: Answer) -> Answer:
    """Return the answer to somebody in a crisis: no cache keeps it, and no page that follows learns of it."""
    response["Referrer-Policy"] = "no-referrer"
    keep_private(response)
    return response


def crises_in(text: str) -> list[str]:
    """Return the kinds of crisis that the words speak of, the gravest first; usually none."""
    data = _words()
    typed = data.harmless.sub(" ", " ".join(_typed_words(text))).split()
    meant = [_meanings(word, data) for word in typed]
    spelled = {*_joined(typed), *chain.from_iterable(meant)}
    return [
        kind.name
        for kind in data.kinds
        if kind.together & spelled or any(_follows(rule, meant) for rule in kind.rules)
    ]


def _typed_words(text: str) -> list[str]:
    """Return the words in plain small letters: no accents or invisible signs, and "su1c!de" undone."""
    decomposed = unicodedata.normalize("NFKD", clean_identity(text[: MAX_WORDS * 20]))
    plain = "".join(_plain(sign) for sign in decomposed).replace("'", "")
    disguised = re.sub(r"(?<=\w)[@!$*](?=\w)", lambda sign: _DISGUISES[sign[0]], plain.casefold())
    words = re.findall(r"[^\W_]+", disguised)[:MAX_WORDS]
    return [
        re.sub(r"(.)\1{2,}", r"\1", word.translate(_DIGITS)) if _has_letter(word) else word for word in words
    ]


def _plain(sign: str) -> str:
    """Return a letter of any alphabet in Latin ones, nothing for an accent, and any other sign as it is."""
    if sign.isascii():
        return sign
    if unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return ""
    return anyascii(sign) if sign.isalpha() else sign


_DISGUISES = {"@": "a", "!": "i", "$": "s", "*": ""}
_DIGITS = str.maketrans("013457", "oieast")


def _has_letter(word: str) -> bool:
    return any(sign.isalpha() for sign in word)


def _joined(typed: list[str]) -> Iterator[str]:
    for start in range(len(typed)):
        for end in range(start + 1, min(start + MAX_SPELLED_WORDS, len(typed)) + 1):
            yield "".join(typed[start:end])


def _meanings(word: str, data: _Words) -> frozenset[str]:
    """Return the known words that this one may be."""
    meanings = {word, *(f"{beginning}*" for beginning in data.beginnings if word.startswith(beginning))}
    if len(word) >= MIN_MISTYPED_LENGTH and word not in data.not_mistyped:
        near = [known for known in data.mistyped if known[0] == word[0] and abs(len(known) - len(word)) <= 2]
        for known in get_close_matches(word, near, 3, 0.8):
            meanings |= {
                known,
                *(f"{beginning}*" for beginning in data.beginnings if known.startswith(beginning)),
            }
    return frozenset(meanings)


def _follows(
    rule: tuple[tuple[str, ...], ...], meant: list[frozenset[str]], start: int | None = None
) -> bool:
    """Return whether the words of a rule stand there in its order, each near the one before."""
    if not rule:
        return True
    places = range(len(meant)) if start is None else range(start, min(start + WORDS_BETWEEN + 1, len(meant)))
    return any(
        not meant[place].isdisjoint(rule[0]) and _follows(rule[1:], meant, place + 1) for place in places
    )


@cache
def _words() -> _Words:
    data = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    kinds = tuple(
        _Kind(
            kind["name"],
            frozenset(phrase.replace(" ", "") for phrase in kind["together"]),
            tuple(tuple(tuple(place.split("|")) for place in rule.split()) for rule in kind["words"]),
        )
        for kind in data["kind"]
    )
    every = {word for kind in kinds for rule in kind.rules for place in rule for word in place}
    harmless = "|".join(re.escape(phrase).replace(r"\#", r"\d+") for phrase in data["harmless"])
    return _Words(
        kinds,
        re.compile(rf"\b(?:{harmless})\b"),
        frozenset(data["not_mistyped"]),
        tuple(data["mistyped"]),
        tuple(sorted(word[:-1] for word in every if word.endswith("*"))),
    )
