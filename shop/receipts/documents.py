"""Draws a receipt as a tagged PDF, once; whoever asks later gets the same bytes."""

import json
import logging
import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.coreutils import string_to_ascii

from cms.core.calendar import site_day
from cms.core.money import format_money
from shop.receipts.models import Receipt, ReceiptKind

TEMPLATE = Path(__file__).parent / "templates" / "receipts" / "receipt.typ"
FONT_TEST = b"#set document(title: [-])\n#sys.inputs.word"
NO_LETTER = "?"
SPACES = re.compile(r"(\s+)")

logger = logging.getLogger(__name__)


def pdf_of(receipt_id: int) -> bytes:
    """Return the document's bytes, drawn now if nobody has asked before. Raise Receipt.DoesNotExist.

    Of two that draw at once one is kept. What was drawn before an erasure is not kept after it.
    """
    while True:
        receipt = Receipt.objects.get(pk=receipt_id)
        if receipt.pdf is not None:
            return bytes(receipt.pdf)
        drawn = draw(receipt)
        unfilled = Receipt.objects.filter(pk=receipt_id, pdf=None, erased_at=receipt.erased_at)
        if unfilled.update(pdf=drawn, sha256=sha256(drawn).hexdigest()):
            return drawn


def draw(receipt: Receipt) -> bytes:
    """Return the PDF of a receipt's data, in the site's language: tagged, and PDF/UA-1 whatever it says."""
    with translation.override(settings.LANGUAGE_CODE):
        words = text_of(receipt)
        try:
            return _compile(TEMPLATE.read_bytes(), {"receipt": json.dumps(words)}, receipt.issued_at)
        except typst.TypstError:
            # A letter that no font has: PDF/UA forbids that, and a reader would see a box and hear nothing.
            logger.warning("Receipt %s holds letters that no font has; Latin ones stand for them", receipt)
            words = _in_known_letters(_with_note_on_letters(words), _can_show)
    return _compile(TEMPLATE.read_bytes(), {"receipt": json.dumps(words)}, receipt.issued_at)


def _with_note_on_letters(words: dict) -> dict:
    note = _("Some words are written in Latin letters here. The order keeps them as they were given.")
    return {**words, "notes": [*words["notes"], note]}


def _can_show(word: str) -> bool:
    """Return whether the fonts have every letter of it, as the one who sets it judges."""
    try:
        _compile(FONT_TEST, {"word": word})
    except typst.TypstError:
        return False
    return True


def _compile(template: bytes, texts: dict[str, str], issued_at: datetime | None = None) -> bytes:
    # The words go in as data, so no markup in a name is ever read as such; nothing is read from elsewhere.
    return typst.compile(
        template,
        format="pdf",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs=texts,
        pdf_standards=["ua-1"],
        timestamp=int(issued_at.timestamp()) if issued_at else None,
    )


@cache
def _fonts() -> typst.Fonts:
    """Return the fonts that the package brings, and no others: the same bytes on every machine."""
    return typst.Fonts(include_system_fonts=False)


def text_of(receipt: Receipt) -> dict:
    """Return everything that the document says, ready to be set."""
    data = receipt.data

    def money(amount: int) -> str:
        return format_money(amount, data["currency"])

    is_receipt = receipt.kind == ReceiptKind.RECEIPT
    return {
        "language": translation.get_language(),
        "title": _title(receipt),
        "seller": [data["seller"]["name"], *data["seller"]["address"]],
        "buyer": [*filter(None, [data["buyer"]["name"], *data["buyer"]["address"]])],
        "details": _details(receipt),
        "notes": _notes(receipt),
        "line_heads": [_("Article"), _("Quantity"), _("Price"), _("Sum")],
        "lines": [
            [
                line["sku"] or _("Health check"),
                str(line["quantity"]),
                money(line["unit_amount"]),
                money(line["total_amount"]),
            ]
            for line in data["lines"]
        ],
        "sums": [
            *([[_("Discount"), money(-data["discount_amount"])]] if data["discount_amount"] else []),
            [_("Total paid") if is_receipt else _("Given back"), money(data["total_amount"])],
        ],
        "tax_heads": [_("Tax rate"), _("Without tax"), _("Tax included"), _("With tax")],
        "taxes": [
            [
                f"{tax['rate']} %",
                money(tax["gross_amount"] - tax["tax_amount"]),
                money(tax["tax_amount"]),
                money(tax["gross_amount"]),
            ]
            for tax in data["taxes"]
        ],
        "from": _("From"),
        "to": _("To"),
        "sums_heading": _("Amount"),
        "tax_heading": _("Tax"),
        "lines_heading": _("Articles"),
    }


def _title(receipt: Receipt) -> str:
    titles = {
        ReceiptKind.RECEIPT: _("Receipt %(number)s"),
        ReceiptKind.CORRECTION: _("Correction %(number)s"),
        ReceiptKind.REVERSAL: _("Reversal %(number)s"),
    }
    return titles[ReceiptKind(receipt.kind)] % {"number": receipt.number}


def _notes(receipt: Receipt) -> list[str]:
    """Return whole sentences, which stand below the details."""
    if receipt.kind != ReceiptKind.REVERSAL or receipt.corrects is None:
        return []
    note = _("Takes back correction %(number)s: the refund did not reach the buyer.")
    return [note % {"number": receipt.corrects.number}]


def _details(receipt: Receipt) -> list[list[str]]:
    details = [
        [_("Number"), receipt.number],
        [_("Issued"), date_format(site_day(receipt.issued_at), "j F Y")],
        [_("Order"), receipt.data["order_code"]],
        [_("Currency"), receipt.data["currency"]],
    ]
    if receipt.data["paid_on"]:
        details.append([_("Paid"), date_format(date.fromisoformat(receipt.data["paid_on"]), "j F Y")])
    if receipt.corrects and receipt.kind == ReceiptKind.CORRECTION:
        details.append([_("Corrects receipt"), receipt.corrects.number])
    return details


def _in_known_letters(words: Any, can_show: Callable[[str], bool]) -> Any:
    """Return the same texts, lists and dictionaries with every word that cannot be shown in Latin letters."""
    if isinstance(words, dict):
        return {name: _in_known_letters(value, can_show) for name, value in words.items()}
    if isinstance(words, list):
        return [_in_known_letters(value, can_show) for value in words]
    return "".join(_known(part, can_show) for part in SPACES.split(words))


def _known(part: str, can_show: Callable[[str], bool]) -> str:
    """Return a word, or the space between two."""
    if part.isspace():
        return " "
    if _is_plain(part) or can_show(part):
        return part
    latin = "".join(letter for letter in string_to_ascii(part) if letter.isprintable())
    return latin.strip() or NO_LETTER


def _is_plain(text: str) -> bool:
    """Return whether every font has all of it."""
    return text.isascii() and text.isprintable()
