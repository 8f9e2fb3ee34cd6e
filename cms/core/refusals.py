"""What the admin cannot do is said in words: rows that others still need, content that is incomplete."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.deletion import ProtectedError, RestrictedError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalKey
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.views.generic import DeleteView
from wagtail.snippets.views.snippets import DeleteView as SnippetDeleteView

NAMED = 5
PROTECTING = (models.PROTECT, models.RESTRICT)


class AdminRefusalMiddleware:
    """Leads a post that Wagtail did not expect to fail back to where it came from, with the reason."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the refusal below the admin's address; every transaction has been rolled back by then."""
        words = refusal(exception)
        if not words or request.method != "POST" or not request.path.startswith(reverse("wagtailadmin_home")):
            return None
        if not request.accepts("text/html"):
            answer = {"success": False, "error_code": "validation_error", "error_message": words}
            return JsonResponse(answer, status=400)
        messages.error(request, words)
        return redirect(_came_from(request))


def refusal(exception: Exception) -> str:
    """Return the reason in words; empty for what is a fault of ours."""
    if isinstance(exception, ProtectedError):
        return still_needed(list(exception.protected_objects))
    if isinstance(exception, RestrictedError):
        return still_needed(list(exception.restricted_objects))
    if isinstance(exception, ValidationError):
        return _("Nothing was saved. %(reasons)s") % {"reasons": " ".join(_reasons(exception))}
    return ""


def still_needed(rows: list[Any]) -> str:
    """Say which rows (of as many as the caller has looked for) stand against a deletion."""
    names = [place_name(place) for place in places_of(rows[:NAMED])]
    words = _("This cannot be deleted, because it is still used: %(places)s") % {"places": ", ".join(names)}
    return f"{words} …" if len(rows) > NAMED else f"{words}."


def places_of(rows: Iterable[Any]) -> list[Any]:
    """Return the rows as people know them: for one that only links two others, the one at its other end."""
    return list(dict.fromkeys(_owner(row) or row for row in rows))


def place_name(place: models.Model) -> str:
    return f"{place._meta.verbose_name} “{place}”"


def protecting_rows(target: models.Model) -> list[Any]:
    """Return some rows of each kind that protect the row; none that are further away."""
    rows: list[Any] = []
    for relation in target._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel) and relation.on_delete in PROTECTING:
            users = relation.related_model._base_manager.filter(**{relation.field.name: target})
            rows += users[: NAMED + 1]
    return rows


class NamingDeleteView(DeleteView):
    """Says before and after "Yes, delete" which rows stand against it."""

    def get_template_names(self) -> list[str]:
        return ["deleting/confirm_delete.html"]

    @cached_property
    def protecting_rows(self) -> list[Any]:
        """What the database protects, and drafts, which only the reference index knows."""
        rows = protecting_rows(self.object)
        if self.usage and self.usage.is_protected:
            rows += [
                getattr(row, "specific", row)
                for row, references in self.usage
                if any(reference.on_delete in PROTECTING for reference in references)
            ]
        return rows

    def form_valid(self, form) -> HttpResponse:
        if self.protecting_rows:
            messages.error(self.request, still_needed(self.protecting_rows))
            return redirect(self.get_delete_url())
        return super().form_valid(form)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        finder = AdminURLFinder(self.request.user)
        context["places"] = [
            {"name": capfirst(place_name(place)), "url": finder.get_edit_url(place)}
            for place in places_of(self.protecting_rows)
        ]
        context["is_protected"] = bool(self.protecting_rows)
        return context


class NamingSnippetDeleteView(NamingDeleteView, SnippetDeleteView):
    """The same for a snippet."""


def _owner(row: Any) -> Any:
    """Return the other end of a row that says nothing itself; None for a row that does."""
    fields = row._meta.concrete_fields
    keys = [field for field in fields if isinstance(field, models.ForeignKey)]
    if parental := [field for field in keys if isinstance(field, ParentalKey)]:
        return getattr(row, parental[0].name)
    if any(field.editable and not field.primary_key and field not in keys for field in fields):
        return None
    return getattr(row, keys[0].name) if keys else None


def _reasons(exception: ValidationError) -> list[str]:
    if not hasattr(exception, "error_dict"):
        return exception.messages
    return [
        f"{capfirst(name.replace('_', ' '))}: {' '.join(texts)}"
        for name, texts in exception.message_dict.items()
    ]


def _came_from(request: HttpRequest) -> str:
    referrer = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        referrer, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return referrer if is_ours else reverse("wagtailadmin_home")
