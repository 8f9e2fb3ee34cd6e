"""Placeholders in a mail's wording: `{order_code}`, a plain name that the kind of mail offers, nothing else.

A name is looked up in a dictionary of strings, so that no wording can reach an attribute or run code.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

from django.utils.functional import Promise
from django.utils.translation import gettext as _

Text = str | Promise


class UnusableText(ValueError):
    """A text that asks for what its mail does not offer; the words are for the editor."""


@dataclass(frozen=True)
class Placeholder:
    """A value that a kind of mail offers to its wording, with an example that is nobody's."""

    name: str
    meaning: Text
    example: Text


def check(text: str, offered: Mapping[str, object]) -> None:
    """Raise UnusableText when the text asks for anything but the plain names that are offered."""
    for _literal, name in _parts(text):
        if name is not None and name not in offered:
            raise UnusableText(_refusal(f"{{{name}}}"))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with each placeholder's value; raise UnusableText as `check` does."""
    check(text, values)
    return "".join(literal + ("" if name is None else str(values[name])) for literal, name in _parts(text))


def _parts(text: str) -> Iterator[tuple[str, str | None]]:
    """Return literal text, each with the name of the placeholder that follows it, if one does."""
    try:
        # The parser only splits; nothing here ever calls format(), which would follow attributes.
        for literal, name, layout, conversion in Formatter().parse(text):
            if layout or conversion:
                whole = f"{{{name}{'!' + conversion if conversion else ''}{':' + layout if layout else ''}}}"
                raise UnusableText(_refusal(whole))
            yield literal, name
    except UnusableText:
        raise
    except ValueError as error:
        raise UnusableText(
            _("A brace { or } stands alone. Write {{ or }} for a brace that is to be read.")
        ) from error


def _refusal(placeholder: str) -> str:
    return _("%(placeholder)s is not offered by this mail. Use one of the names beside the form.") % {
        "placeholder": placeholder
    }
