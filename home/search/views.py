from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.page_cache.middleware import public_page
from home.search.crisis import Help, help_for, unrecorded
from home.search.query import MAX_LENGTH, words_of
from home.search.results import KINDS, KINDS_BESIDE_HELP, heading, search_site, suggestion

RESULTS_ON_OVERVIEW = 5
RESULTS_ON_PAGE = 10


@require_safe
@public_page(parameters=("q", "kind", "page"))
def search(request: HttpRequest) -> HttpResponse:
    """Return results by kind; `kind` shows one of them page by page. Too long a query is refused in words.

    Words of a crisis are answered with help, without offers and suggestions.
    """
    query = " ".join(request.GET.get("q", "").replace("\0", " ").split())
    if crisis := help_for(query, request):
        return unrecorded(_answer_in_crisis(request, crisis, query))
    words = words_of(query) if len(query) <= MAX_LENGTH else []
    kind = request.GET.get("kind", "")
    context: dict[str, Any] = {
        "title": _("Search results for “%(query)s”") % {"query": query} if words else _("Search"),
        "description": _("Search articles, questions and health checks."),
        "robots": "noindex, follow",
        "query": query[:MAX_LENGTH],
        "words": words,
        "is_too_long": len(query) > MAX_LENGTH,
        "maximum_length": MAX_LENGTH,
        "overview_limit": RESULTS_ON_OVERVIEW,
    }
    if words and kind in KINDS:
        context |= _one_kind(request, words, kind, query)
    elif words:
        groups = search_site(words, request)
        context |= {"groups": groups, "total": sum(len(group.results) for group in groups)}
        if not groups:
            context["suggestion"] = suggestion(words)
    return render(request, "search/search.html", context)


def _answer_in_crisis(request: HttpRequest, crisis: Help, query: str) -> HttpResponse:
    words = words_of(query) if len(query) <= MAX_LENGTH else []
    groups = search_site(words, request, KINDS_BESIDE_HELP) if words else []
    return render(
        request,
        "search/search.html",
        {
            "title": _("Help now"),
            "robots": "noindex, follow",
            "query": query[:MAX_LENGTH],
            "crisis": crisis,
            "groups": groups,
            "total": sum(len(group.results) for group in groups),
        },
    )


def _one_kind(request: HttpRequest, words: list[str], kind: str, query: str) -> dict:
    groups = search_site(words, request, [kind])
    results = groups[0].results if groups else []
    page_obj = Paginator(results, RESULTS_ON_PAGE).get_page(request.GET.get("page"))
    return {
        "kind": kind,
        "heading": heading(kind),
        "page_obj": page_obj,
        "total": len(results),
        "base_url": f"{request.path}?{urlencode({'q': query, 'kind': kind})}&page=",
    }
