"""The rows of a drawn report: a number lies on a line with the usual range, a finding in words on none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

SAMPLE_RESULTS = [
    {"name": _("Ferritin"), "value": "24 ng/mL", "position": 22, "low": 28, "high": 74},
    {"name": _("TSH"), "value": "1.9 mIU/L", "position": 48, "low": 28, "high": 74},
    {"name": _("Vitamin D"), "value": "31 ng/mL", "position": 36, "low": 30, "high": 80},
]
# "24 ng/mL" and ".5", but not "Not detected"; nor "2+", "1:80" and "1/80", which name a degree; nor "46,XX".
_NUMBER = re.compile(r"[<>≤≥~≈]?\s*[-−]?[.,]?\d+(?![\d.,]*(?:\s*[+:]|\s*/\s*\d|,[^\W\d]))")


@dataclass(frozen=True)
class NumberLine:
    """Where a value lies on a line from 0 to 100, with the usual range marked."""

    position: int
    low: int
    width: int


@dataclass(frozen=True)
class SampleResult:
    """One row; `line` is None for a finding in words, `meaning` may be empty there."""

    name: str
    value: str
    meaning: str
    line: NumberLine | None


def is_number(value: str) -> bool:
    """Return whether a result can lie on a line."""
    return _NUMBER.match(value.strip()) is not None


def sample_result(result: Mapping) -> SampleResult:
    """Return a row from a block's value: name, value, and position, low and high for a number."""
    name, value = result["name"], result["value"]
    places = [result.get(key) for key in ("position", "low", "high")]
    if not is_number(str(value)) or None in places:
        return SampleResult(name, value, result.get("meaning") or "", None)
    position, *usual = (min(100, max(0, place or 0)) for place in places)
    low, high = sorted(usual)
    if position < low:
        meaning = _("below the usual range")
    elif position > high:
        meaning = _("above the usual range")
    else:
        meaning = _("within the usual range")
    return SampleResult(name, value, str(meaning), NumberLine(position, low, high - low))
