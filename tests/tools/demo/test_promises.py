"""No text says that readers can do what the site does not let them do. Where it comes, its line goes."""

import re
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
ROOMS = [PROJECT / room for room in ("articles", "cms", "home", "shop")]
TEXTS = [
    *(PROJECT / "tools" / "demo" / "content").rglob("*.toml"),
    *(path for room in ROOMS for ending in ("html", "txt", "js") for path in room.rglob(f"*.{ending}")),
    # Models name what the software can keep, for a shop that then offers it.
    *(
        path
        for room in ROOMS
        for path in room.rglob("*.py")
        if not path.match("*models.py") and "models" not in path.parts and "migrations" not in path.parts
    ),
]
# What it looks for, why nobody keeps it, and a sentence of the kind, which each must find.
PROMISES = [
    (r"finger-?(prick|tip)", "nobody can choose how the sample is taken", "Ask for the finger-prick kit."),
    (r"tell us (what|which|when)|\band tell us\b", "no field takes them", "Tell us which tablets you take."),
    (
        r"order page[^.]*\bprepare|stands, and how to prepare",
        "the order page says nothing about preparing",
        "The order page shows how to prepare.",
    ),
    (
        r"(privacy|privately|private[^.]*|comfort[^.]*|blood[^.]{0,40}) (at|of your) home",
        "every check needs blood from a vein",
        "Take your blood yourself at home.",
    ),
    (
        r"\bbook (a|your) (time|morning|place|appointment)",
        "it takes no appointments",
        "Book your appointment.",
    ),
    (
        r"a clinician (calls|phones) you(?! if you have)",
        "a telephone number may be left out",
        "A clinician phones you.",
    ),
    (
        r"\b(log|sign) ?in to (see|read|your)|\b(create|open) an account|\byour (account|profile)\b",
        "buyers have no account",
        "Create an account to read it.",
    ),
    (
        r"results?[^.]{0,40} (online|on your order page)|(download|compare) (your|the) [^.]{0,20}results?",
        "no result is shown here",
        "Your results will be online after three days.",
    ),
    (
        r"\b(call|phone|ring|text) us\b|\bour hot ?line|customer service",
        "no number is given",
        "Just call us.",
    ),
    (r"opening hours|\b24/7\b|round the clock", "nobody answers at set hours", "We are there 24/7."),
    (r"\b(our|mobile) apps?\b|app store", "there is no app", "Read them in our app."),
    (r"\b(live|video) chat|chat with (us|a)|whatsapp", "there is no chat", "Chat with a doctor."),
    (r"text message|\bsms\b", "nothing is sent to telephones", "You get an SMS when it leaves."),
    (
        r"\btrack (your|the) (kit|parcel|sample|order)|live tracking",
        "only a number is given",
        "Track your kit.",
    ),
    (
        r"\b(your|a|by) subscription|newsletter|remind(er| you)",
        "nothing comes again by itself",
        "We remind you.",
    ),
    (r"\byour insur|reimburse|insurance (pays|covers)", "no insurer is asked", "Your insurer pays for it."),
    (r"\b(we|our doctors?) (can |may )?(prescribe|refer you)", "nobody treats", "Our doctor can prescribe."),
    (r"gift (card|voucher)|instal?lments|loyalty", "nothing of it can be bought", "Pay in instalments."),
    (r"(next|same)-day delivery|by express", "a kit leaves within days", "With same-day delivery."),
]


@pytest.fixture(scope="module")
def words_by_file() -> dict[str, str]:
    return {str(path): " ".join(path.read_text().split()) for path in TEXTS}


@pytest.mark.parametrize(("promise", "why_not", "sentence"), PROMISES)
def test_no_text_promises_what_is_not_there(
    promise: str, why_not: str, sentence: str, words_by_file: dict[str, str]
):
    looked_for = re.compile(promise, re.IGNORECASE)
    assert looked_for.search(sentence)
    found = {(name, match[0]) for name, text in words_by_file.items() for match in looked_for.finditer(text)}
    assert not found, why_not


def test_a_number_in_words_counts_what_stands():
    """The report's rows in “none of the four infections”, the package's values in “Eight values”."""
    words = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    counting = re.compile(rf"(?:^|\bthe )({'|'.join(words)}) (?:infections|values|hormones)", re.IGNORECASE)
    packages = tomllib.loads((PROJECT / "tools" / "demo" / "content" / "packages.toml").read_text())[
        "package"
    ]
    counted = [
        (package["sku"], words.index(found[1].lower()) + 2, len(package[stands]))
        for package in packages
        for text, stands in (("doctor_note", "sample_report"), ("summary", "biomarkers"))
        for found in counting.finditer(package[text])
    ]
    assert len(counted) > 1
    assert [found for found in counted if found[1] != found[2]] == []
