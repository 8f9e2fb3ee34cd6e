"""A date of birth, typed as three numbers: quicker and safer than a calendar for a day long ago."""

import re
from datetime import date
from functools import cache

from babel import Locale
from babel.dates import get_month_names
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

from cms.typed.text import folded
from shop.orders.ages import latest_day, lowest_age

MAX_AGE = 120
MONTHS = 12
MIN_NAME_LENGTH = 3
_WORD = re.compile(r"[0-9]+|[a-z]+")
_FILLING = frozenset({"st", "nd", "rd", "th", "of"})


class DatePartsWidget(forms.MultiWidget):
    """Day, month and year side by side, each with its own label."""

    template_name = "checkout/widgets/date_parts.html"
    use_fieldset = True

    def __init__(self, attrs=None) -> None:
        number = {"inputmode": "numeric", "autocapitalize": "none", "spellcheck": "false"}
        super().__init__(
            [
                forms.TextInput({**number, "class": "date-parts__short"}),
                forms.TextInput({**number, "class": "date-parts__long"}),
                forms.TextInput({**number, "class": "date-parts__long"}),
            ],
            attrs,
        )

    def decompress(self, value: date | None) -> list:
        return [value.day, value.month, value.year] if value else [None, None, None]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        parts = zip(context["widget"]["subwidgets"], (_("Day"), _("Month"), _("Year")), strict=True)
        for part, label in parts:
            part["label"] = label
            part["attrs"].pop("aria-describedby", None)
        return context


class DateOfBirthField(forms.Field):
    """Takes three numbers, gives a date in the past, and says plainly what is wrong otherwise."""

    widget = DatePartsWidget
    default_error_messages = {
        "required": _("Enter the date of birth."),
        "incomplete": _("The date of birth needs a day, a month and a year."),
        "separate": _("Write day, month and year each in its own field."),
        "ambiguous": _(
            "This can be read as two different dates. Write day, month and year each in its own field."
        ),
        "month": _("Write the month as a number or by its name, for example 3 or March."),
        "year": _("Write the year with four digits, for example 1984."),
        "unreal": _("This date does not exist. Check the day and the month."),
        "future": _("The date of birth lies in the future. Check the year."),
        "too_old": _("Check the year of birth."),
    }

    def to_python(self, value) -> date | None:
        if isinstance(value, date):
            return value
        parts = [_words_of(str(part or "")) for part in value or []]
        typed = [part for part in parts if part]
        if not typed:
            return None
        if len(typed) == 1 and len(typed[0]) > 2:
            return self._date_of(*self._in_order(typed[0]))
        if any(len(part) > 1 for part in parts):
            raise self._error("separate")
        if len(typed) < len(parts):
            raise self._error("incomplete")
        return self._date_of(*(word for [word] in parts))

    def _in_order(self, words: list[str]) -> tuple[str, str, str]:
        """Return day, month and year of a date in one field, when it can be read in one way only."""
        if len(words) != 3:
            raise self._error("separate")
        first, second, third = words
        if len(first) == 4 and first.isdecimal():  # as computers write it
            return third, second, first
        if not first.isdecimal():
            return second, first, third
        if not second.isdecimal() or first.lstrip("0") == second.lstrip("0") or _is_day_only(first):
            return first, second, third
        if _is_day_only(second):
            return second, first, third
        raise self._error("ambiguous")

    def _date_of(self, day: str, month: str, year: str) -> date:
        number = int(month) if _is_short_number(month) else _month_named(month)
        if number is None:
            raise self._error("unreal" if month.isdecimal() else "month")
        if not (year.isdecimal() and len(year) == 4):
            raise self._error("year")
        if not _is_short_number(day):
            raise self._error("unreal")
        try:
            return date(int(year), number, int(day))
        except ValueError as error:
            raise self._error("unreal") from error

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is None:
            return
        now = timezone.now()
        # In the future everywhere: where the day has begun already somebody may have been born on it.
        if value > latest_day(now):
            raise self._error("future")
        if lowest_age(value, now) > MAX_AGE:
            raise self._error("too_old")

    def _error(self, code: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code)


def _words_of(typed: str) -> list[str]:
    """Return the figures and names in a text, folded: 3 and march for "3rd of March"."""
    # A small raised 2 is no figure of a date, though its folded form would be one.
    plain = "".join(" x " if char.isdigit() and not char.isdecimal() else char for char in typed)
    words = _WORD.findall(folded(plain))
    return [word for word in words if word not in _FILLING]


def _is_short_number(word: str) -> bool:
    return word.isdecimal() and len(word) <= 2


def _is_day_only(number: str) -> bool:
    return _is_short_number(number) and int(number) > MONTHS


def _month_named(word: str) -> int | None:
    """Return a month's number by its name, or the name's beginning, in the reader's or site's language."""
    if len(word) < MIN_NAME_LENGTH:
        return None
    for language in (get_language() or settings.LANGUAGE_CODE, settings.LANGUAGE_CODE):
        names = _month_names(language)
        found = {names[word]} if word in names else {names[name] for name in names if name.startswith(word)}
        if len(found) == 1:
            return found.pop()
    return None


@cache
def _month_names(language: str) -> dict[str, int]:
    """Return each month's names and abbreviations, folded, by CLDR."""
    locale = Locale.parse(to_locale(language))
    return {
        folded(name).replace(".", ""): number
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, context, locale).items()
    }
