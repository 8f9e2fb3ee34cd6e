"""No text says that readers can do what the site does not let them do. Where it comes, its line goes."""

import re
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
TEXTS = [
    *(PROJECT / "demo" / "content").rglob("*.toml"),
    *(path for room in ("articles", "cms", "home", "shop") for path in (PROJECT / room).rglob("*.html")),
    PROJECT / "shop" / "mail" / "wordings.py",
    PROJECT / "shop" / "catalogue" / "facts.py",
    *(PROJECT / "shop" / "checkout").glob("*.py"),
]


@pytest.mark.parametrize(
    ("promise", "why_not"),
    [
        (r"finger-?(prick|tip)", "nobody can choose how the sample is taken"),
        (r"tell us (what|which|when)|\band tell us\b", "no field takes medicines or notes"),
        (
            r"order page[^.]*\bprepare|stands, and how to prepare",
            "the order page says nothing about preparing",
        ),
        (r"(privacy|private[^.]*) at home", "every check needs blood from a vein"),
        (r"\bbook a (time|morning|place)", "the site takes no appointments"),
        (r"a clinician (calls|phones) you(?! if you have)", "a telephone number may be left out"),
        (r"\b(log|sign) in to (see|read|your)|your account\b", "buyers have no account"),
        (r"results? (are |is )?(online|on your order page)", "no result is shown here"),
    ],
)
def test_no_text_promises_what_is_not_there(promise: str, why_not: str):
    found = {
        (path.name, match[0])
        for path in TEXTS
        for match in re.finditer(promise, " ".join(path.read_text().split()), re.IGNORECASE)
    }
    assert not found, why_not


def test_a_number_in_words_counts_what_stands():
    """The report's rows in “none of the four infections”, the package's values in “Eight values”."""
    words = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    counting = re.compile(rf"(?:^|\bthe )({'|'.join(words)}) (?:infections|values|hormones)", re.IGNORECASE)
    packages = tomllib.loads((PROJECT / "demo" / "content" / "packages.toml").read_text())["package"]
    counted = [
        (package["sku"], words.index(found[1].lower()) + 2, len(package[stands]))
        for package in packages
        for text, stands in (("doctor_note", "sample_report"), ("summary", "biomarkers"))
        for found in counting.finditer(package[text])
    ]
    assert len(counted) > 1
    assert [found for found in counted if found[1] != found[2]] == []
