"""A date of birth is read in one way only, however it is typed, or the words say what to write."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import translation

from shop.checkout.dates import DateOfBirthField


def read(*parts: str) -> date | None:
    return DateOfBirthField().clean(list(parts))


@pytest.mark.parametrize(
    "parts",
    [
        ("27", "3", "1984"), ("27", "Mar", "1984"), ("27.", "MARCH", " 1984 "), ("27th", "mar", "1984\u200b"),
        ("２７", "０３", "１９８４"), ("٢٧", "٣", "١٩٨٤"), ("27/03/1984", "", ""), ("", "", "March 27, 1984"),
        ("1984-03-27", "", ""), ("27th of Mar. 1984", "", ""), ("3/27/1984", "", ""),
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_typed(parts):
    assert read(*parts) == date(1984, 3, 27)


@pytest.mark.parametrize("month", ["März", "Maerz", "mär", "MARZ", "March", "3"])
def test_a_month_is_read_in_the_readers_language_and_in_the_sites(month):
    with translation.override("de"):
        if month == "Maerz":
            with pytest.raises(ValidationError):
                read("27", month, "1984")
        else:
            assert read("27", month, "1984") == date(1984, 3, 27)
    assert read("1", "Sept", "1984") == date(1984, 9, 1)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("03/04/1984", "", ""), "two different dates"),
        (("3 4 1984", "", ""), "two different dates"),
        (("03/04", "", "1984"), "each in its own field"),
        (("27/03", "", ""), "each in its own field"),
        (("27", "3", "84"), "four digits"),
        (("27/03/84", "", ""), "four digits"),
        (("27", "3", "'84"), "four digits"),
        (("27", "Ma", "1984"), "by its name"),
        (("27", "Ju", "1984"), "by its name"),
        (("27", "13", "1984"), "does not exist"),
        (("1" * 5000, "3", "1984"), "does not exist"),
        (("27", "3" * 5000, "1984"), "does not exist"),
        (("27", "3", "9" * 5000), "four digits"),
        (("9" * 5000 + "/3/1984", "", ""), "two different dates"),
        (("x", "3", "1984"), "does not exist"),
        (("31", "Feb", "1984"), "does not exist"),
        (("27", "", "1984"), "needs a day, a month and a year"),
        (("27031984", "", ""), "needs a day, a month and a year"),
        (("\u200b", "", ""), "Enter the date of birth"),
    ],
)
def test_what_cannot_be_read_is_asked_for_and_never_guessed(parts, words):
    with pytest.raises(ValidationError) as refused:
        read(*parts)
    assert words in " ".join(refused.value.messages)


@pytest.mark.parametrize(
    ("moment", "parts", "words"),
    [
        ("2026-06-14 09:59:59Z", ("15", "6", "2026"), "lies in the future"),
        ("2026-06-14 10:00:00Z", ("15", "6", "2026"), ""),  # the day has begun on the Line Islands
        ("2026-06-15 11:59:59Z", ("15", "6", "1905"), ""),  # not yet 121 years old on Baker Island
        ("2026-06-15 12:00:00Z", ("15", "6", "1905"), "Check the year of birth"),
    ],
)
def test_a_date_is_refused_when_nobody_on_earth_can_have_been_born_on_it(moment, parts, words):
    with time_machine.travel(moment, tick=False):
        if not words:
            assert read(*parts)
            return
        with pytest.raises(ValidationError) as refused:
            read(*parts)
    assert words in " ".join(refused.value.messages)
