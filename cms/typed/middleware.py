"""Takes out of every form what no output can hold, before any view reads it."""

import json
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase, QueryDict

from cms.typed.text import controls_as_spaces, each_text, without_controls

# How JSON writes such a character in ASCII; the editor of rich text sends its words so.
_ESCAPED = re.compile(r"\\u(?:00[01]|007f|00[89]|d[89a-f]|fff[ef])", re.IGNORECASE)
TAKES_TYPED_TEXT = "takes_typed_text"


class TypedTextMiddleware:
    """Cleans the parameters and the form of a request that a person sends from a page.

    What another program sends (Stripe, an e-mail service) stays as it was signed: its views are free of
    Django's token and are no public forms.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        request.GET = _clean(request.GET)
        if not getattr(view, "csrf_exempt", False) or getattr(view, TAKES_TYPED_TEXT, False):
            request.POST = _clean(request.POST)


def _clean(sent: QueryDict) -> Any:
    """Return the parameters cleaned; the same object when there is nothing to take out, as nearly always."""
    changed = {
        name: cleaned
        for name, values in sent.lists()
        if (cleaned := [_clean_value(value) for value in values]) != values
    }
    if not changed:
        return sent
    copy = sent.copy()
    for name, values in changed.items():
        copy.setlist(name, values)
    copy._mutable = False
    return copy


def _clean_value(value: str) -> str:
    value = without_controls(value)
    if value[:1] not in "{[" or not _ESCAPED.search(value):
        return value
    try:
        # A rich text says by numbers where a link begins, so no text becomes shorter.
        return json.dumps(each_text(json.loads(value), controls_as_spaces))
    except (ValueError, RecursionError):  # no JSON after all
        return value
