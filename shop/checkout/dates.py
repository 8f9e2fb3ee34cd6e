"""A date of birth, typed as three numbers: quicker and safer than a calendar for a day long ago."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.orders.ages import age_on

OLDEST_AGE = 120


class DatePartsWidget(forms.MultiWidget):
    """Day, month and year side by side, each with its own label."""

    template_name = "checkout/widgets/date_parts.html"
    use_fieldset = True

    def __init__(self, attrs=None) -> None:
        number = {"inputmode": "numeric", "autocapitalize": "none", "spellcheck": "false"}
        super().__init__(
            [
                forms.TextInput({**number, "maxlength": 2, "class": "date-parts__short"}),
                forms.TextInput({**number, "maxlength": 2, "class": "date-parts__short"}),
                forms.TextInput({**number, "maxlength": 4, "class": "date-parts__long"}),
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
        "year": _("Write the year with four digits, for example 1984."),
        "unreal": _("This date does not exist. Check the day and the month."),
        "future": _("The date of birth lies in the future. Check the year."),
        "too_old": _("Check the year of birth."),
    }

    def to_python(self, value) -> date | None:
        if isinstance(value, date):
            return value
        parts = [str(part or "").strip() for part in value or []]
        if not any(parts):
            return None
        if not all(parts):
            raise self._error("incomplete")
        if not all(part.isascii() and part.isdecimal() for part in parts):
            raise self._error("unreal")
        day, month, year = (int(part) for part in parts)
        if len(parts[2]) != 4:
            raise self._error("year")
        try:
            return date(year, month, day)
        except ValueError as error:
            raise self._error("unreal") from error

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is None:
            return
        today = timezone.localdate()
        if value > today:
            raise self._error("future")
        if age_on(value, today) > OLDEST_AGE:
            raise self._error("too_old")

    def _error(self, code: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code)
