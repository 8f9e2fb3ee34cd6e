"""Makes every spreadsheet that the admin gives out safe to open, Wagtail's own lists and reports too.

What people typed may begin like a formula, which a spreadsheet program works out when it opens the file: it
can send other cells of the sheet away. https://owasp.org/www-community/attacks/CSV_Injection
Wagtail leaves that to the site, and has one mixin for all its exports: so it is mended there, once. A list
that names no columns for an export gave a file of blank lines; it says now that there is none.
"""

import re
from datetime import datetime
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from cms.core.calendar import wall_clock
from cms.typed.text import clean_identity, without_controls

FORMULA_STARTS = ("=", "+", "-", "@")
LINE_STARTS = ("\t", "\r", "\n")
# Where some countries' programs begin another cell, even in a file with commas.
OTHER_CELLS = re.compile(r"([;\t\r\n])")


def safe_cell(value: Any, export_format: str) -> Any:
    """Return the value as a spreadsheet may hold it: what looks like a formula begins with an apostrophe.

    Full-width signs and what hides behind spaces and invisible characters count too. Figures stay figures.
    """
    if not isinstance(value, str):
        return value
    text = without_controls(value)  # a file of this kind cannot hold them
    if export_format == SpreadsheetExportMixin.FORMAT_CSV:
        cells = "".join(_guarded(part) for part in OTHER_CELLS.split(text))
        return f"'{cells}" if cells.startswith(LINE_STARTS) else cells
    return f"'{text}" if text.startswith(LINE_STARTS) else _guarded(text)


def _guarded(text: str) -> str:
    return f"'{text}" if clean_identity(text).startswith(FORMULA_STARTS) else text


def make_exports_safe() -> None:
    """Put the safe functions in place of Wagtail's, which every list and report inherits."""
    if getattr(SpreadsheetExportMixin, "is_safe", False):
        return
    setup = SpreadsheetExportMixin.setup
    preprocess, heading = SpreadsheetExportMixin.preprocess_field_value, SpreadsheetExportMixin.get_heading

    def setup_export(view: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        setup(view, request, *args, **kwargs)
        if view.is_export and not view.list_export:
            view.is_export = False
            messages.error(request, _("This list cannot be downloaded."))

    def preprocess_safely(view: Any, field: str, value: Any, export_format: str) -> Any:
        if isinstance(value, datetime) and timezone.is_aware(value):
            value = wall_clock(value)  # Wagtail would write it in UTC, unlike the list on the screen
        return safe_cell(preprocess(view, field, value, export_format), export_format)

    def heading_safely(view: Any, queryset: models.QuerySet, field: str) -> str:
        return safe_cell(heading(view, queryset, field), SpreadsheetExportMixin.FORMAT_CSV)

    SpreadsheetExportMixin.setup = setup_export
    SpreadsheetExportMixin.preprocess_field_value = preprocess_safely
    SpreadsheetExportMixin.get_heading = heading_safely
    SpreadsheetExportMixin.is_safe = True
