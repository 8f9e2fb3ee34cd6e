"""What people type is the same for us when it is the same for them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.typed.text import (
    clean_code,
    clean_email,
    clean_identity,
    clean_line,
    clean_word_code,
    email_key,
    figures,
    folded,
    without_controls,
)

XML_FORBIDS = [*range(0x9), 0xB, 0xC, *range(0xE, 0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF]


def test_nothing_is_left_that_xml_cannot_hold_and_words_stay_apart():
    for code in XML_FORBIDS:
        assert chr(code) not in without_controls(f"a{chr(code)}b")
    assert without_controls("Iron\x0band\ttea\r\n\x00now\ud800") == "Iron and\ttea\r\nnow"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Ann\u00a0 \u3000Lee\n", "Ann Lee"),
        ("Sio\u200bbha\u0301n\ufeff", "Siobh\u00e1n"),
        ("\u202eeeL nnA\u202c", "eeL nnA"),
        ("O’Brien–Łuk", "O’Brien–Łuk"),
        ("\u200b\u2060\u00ad", ""),
        # Persian, Hindi and the form of a Japanese character need what nobody sees.
        (
            "\u0646\u0627\u0645\u200c\u0647 \u0915\u094d\u200d\u0937 \u845b\U000e0100",
            "\u0646\u0627\u0645\u200c\u0647 \u0915\u094d\u200d\u0937 \u845b\U000e0100",
        ),
    ],
)
def test_a_line_keeps_what_is_seen_and_what_its_script_needs(typed, stored):
    assert clean_line(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "ann@example.com\u200b", "\u200eANN@EXAMPLE.COM\u00a0", "ａｎｎ＠ｅｘａｍｐｌｅ．ｃｏｍ",
        "\ufeffann@exam\u00adple.com", "ann@example\u2060.com\t",
    ],
)  # fmt: skip
def test_an_address_is_one_however_it_was_typed(typed):
    assert email_key(typed) == "ann@example.com"


def test_an_address_can_be_sent_to_and_one_of_other_letters_is_another():
    assert clean_email("O’Brien@Müller.Example") == "O'Brien@xn--mller-kva.example"
    assert clean_email("ann@faß.de") != clean_email("ann@fass.de")  # two owners
    assert email_key("\u0430nn@example.com") != email_key("ann@example.com")
    assert clean_email("Ann") == "Ann"


def test_codes_and_figures_lose_what_stands_between_them():
    assert {clean_code(typed) for typed in ("#g474-nnj7", " Ｇ４７４–NNJ7\u200b", "g474 nnj7.")} == {
        "G474NNJ7"
    }
    assert clean_word_code(" spring—10\u200b ") == "SPRING-10"
    assert figures("+1 (650) ２５３ ٠٠") == "165025300"


@pytest.mark.parametrize(
    ("stored", "sought"),
    [
        ("O’Brien", "o'brien"), ("O’Brien", "OBrien"), ("Siobhán", "SIOBHAN"), ("Łukasz", "łukasz"),
        ("Łukasz", "lukasz"), ("Müller-Lüdenscheidt", "muller ludenscheidt"), ("Søren Weiß", "soren weiss"),
        ("Işıl İnan", "isil inan"), ("Þóra", "thora"), ("Đặng Thị", "dang thi"),
        ("Ελένη", "ελενη"), ("Иван", "иван"), ("ﬁona", "fiona"),
    ],
)  # fmt: skip
def test_a_name_is_found_with_another_keyboard(stored, sought):
    assert folded(stored) == folded(sought)


@given(st.text(max_size=30))
def test_cleaning_twice_changes_nothing_more(text):
    for clean in (without_controls, clean_line, clean_identity, clean_email, folded):
        once = clean(text)
        assert clean(once) == once
        assert not {unicodedata.category(char) for char in once} & {"Cs"}
