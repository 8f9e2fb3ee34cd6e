import pytest

from home.search.query import COMMON_WORDS, MAX_WORDS, excerpt, highlight, words_of


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("What's in the blood test?", ["blood", "test"]),
        ("Vitamin D", ["vitamin", "d"]),
        ("who are we", ["who", "are", "we"]),
        ('a"b*(c', ["b", "c"]),
        ("HbA1c / T4", ["hba1c", "t4"]),
        ("test TEST test", ["test"]),
        ("?!…", []),
        ("", []),
    ],
)
def test_words_that_carry_meaning(typed: str, words: list[str]):
    assert words_of(typed) == words


def test_a_flood_of_words_is_cut():
    assert len(words_of(" ".join(f"word{number}" for number in range(50)))) == MAX_WORDS


def test_common_words_are_lower_case():
    assert all(word == word.lower() for word in COMMON_WORDS)


def test_marks_words_and_their_forms_and_escapes_the_rest():
    assert (
        highlight("Tests & <b>testing</b> contest", ["test"])
        == "<mark>Tests</mark> &amp; &lt;b&gt;<mark>testing</mark>&lt;/b&gt; contest"
    )


def test_a_short_word_marks_only_itself():
    assert highlight("Vitamin D and the dose", ["d"]) == "Vitamin <mark>D</mark> and the dose"


def test_an_excerpt_shows_the_word_found_and_cuts_between_words():
    text = " ".join(["filler"] * 80 + ["ferritin"] + ["padding"] * 80)
    part = excerpt(text, ["ferritin"])
    assert "ferritin" in part
    assert part.startswith("… filler")
    assert part.endswith("padding …")
    assert len(part) < 230


def test_a_short_text_is_its_own_excerpt():
    assert excerpt("Short.", ["word"]) == "Short."
