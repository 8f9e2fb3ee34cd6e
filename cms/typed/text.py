"""What people type, as it is stored and as it is compared.

A text is cleaned before it is checked and stored, and folded before it is compared with another. Nobody sees
what is taken out: control characters, invisible ones, other forms of the same letter, other kinds of space.
Code points are Unicode's: https://www.unicode.org/reports/tr44/
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

import idna
from anyascii import anyascii

# Controls besides tab and line ends, halves of surrogate pairs, and what XML 1.0 cannot hold
# (https://www.w3.org/TR/xml/#charsets). Word's line break and page break separate words.
_BREAKING_CONTROLS = r"[\x0b\x0c\x85]"
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Unicode's Default_Ignorable_Code_Point, annotation marks, and the empty Braille cell.
_INVISIBLE = (
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800"
    r"\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e0fff]"
)
# Joiners after a letter of Arabic, Indic, Burmese, Khmer or Mongolian, and the selected form of a Chinese
# character: without them a name is spelt otherwise.
_NEEDED_BY_SCRIPT = (
    r"(?<=[\u0600-\u0dff\u0f00-\u109f\u1780-\u18af\u1b00-\u1bff\ua800-\uabff])[\u200c\u200d\u180b-\u180d\u180f]"
    r"|(?<=[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
_INVISIBLES = re.compile(_INVISIBLE)
_INVISIBLES_OR_NEEDED = re.compile(f"(?P<needed>{_NEEDED_BY_SCRIPT})|{_INVISIBLE}")
_TYPOGRAPHY = str.maketrans(
    dict.fromkeys("‘’‚‛′ʹʼˈ`´", "'") | dict.fromkeys("“”„‟″", '"') | dict.fromkeys("‐‑‒–—―−⁃﹘﹣－", "-")
)
_NO_LETTER_OR_FIGURE = re.compile(r"[\W_]+")
_NO_FIGURE = re.compile(r"[^0-9]+")
_NOT_IN_SEARCH = re.compile(r"[^\w@.+]+")


def without_controls(text: str) -> str:
    """Return the text without what no output can hold; tabs and line ends stay, other breaks are spaces."""
    if not _CONTROLS.search(text):
        return text
    return _CONTROLS.sub("", re.sub(_BREAKING_CONTROLS, " ", text))


def controls_as_spaces(text: str) -> str:
    """Return the text with a space for each character that `without_controls` takes out or replaces."""
    return _CONTROLS.sub(" ", text)


def each_text(value: Any, clean: Callable[[str], str]) -> Any:
    """Return plain data with every string in it cleaned, keys too."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list | tuple):
        return [each_text(part, clean) for part in value]
    if isinstance(value, dict):
        return {each_text(name, clean): each_text(part, clean) for name, part in value.items()}
    return value


def clean_line(text: str) -> str:
    """Return one line as it is stored: visible characters in Unicode's composed form, single spaces, trimmed.

    Invisible characters stay where a script needs them to spell a name.
    """
    visible = _INVISIBLES_OR_NEEDED.sub(lambda found: found["needed"] or "", without_controls(text))
    return " ".join(unicodedata.normalize("NFC", visible).split())


def clean_identity(text: str) -> str:
    """Return one line for comparing by character: no full-width digits, ligatures or curled quotes."""
    visible = _INVISIBLES.sub("", without_controls(text)).translate(_TYPOGRAPHY)
    return " ".join(unicodedata.normalize("NFKC", visible).translate(_TYPOGRAPHY).split())


def clean_email(text: str) -> str:
    """Return an e-mail address as it is stored and sent to: the domain in lower case, and in ASCII.

    Stripe and many mail servers take a domain of other letters only as IDNA has it (https://www.rfc-editor.org/rfc/rfc5891).
    What is no address stays wrong, so that whoever checks it refuses it.
    """
    address = clean_identity(text)
    person, at, domain = address.rpartition("@")
    return f"{person}{at}{_ascii_domain(domain)}" if at else address


def email_key(text: str) -> str:
    """Return the key that is equal for two spellings of the same address."""
    return clean_email(text).casefold()


def clean_code(text: str) -> str:
    """Return the letters and digits of a generated code, in capitals: G474NNJ7 for "#g474-nnj7 "."""
    return _capitals(_NO_LETTER_OR_FIGURE.sub("", clean_identity(text)))


def clean_word_code(text: str) -> str:
    """Return a code that a person invented, in capitals and without spaces; its dashes are part of it."""
    return _capitals(clean_identity(text).replace(" ", ""))


def figures(text: str) -> str:
    """Return the decimal digits of a text as 0 to 9, without what stands between them."""
    return _NO_FIGURE.sub("", "".join(str(unicodedata.decimal(char, char)) for char in text))


def folded(text: str) -> str:
    """Return the form in which names and words are searched: lower case, no accents, in ASCII.

    Łukasz, ŁUKASZ and Lukasz become the same, as do O'Brien and OBrien with any apostrophe. Letters of other
    scripts are spelt in Latin ones. Only for searching: it makes things equal that are not the same.
    """
    plain = anyascii(clean_identity(text)).casefold().replace("'", "")
    return " ".join(_NOT_IN_SEARCH.sub(" ", plain).split())


def _capitals(text: str) -> str:
    return unicodedata.normalize("NFKC", text.upper())


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain
