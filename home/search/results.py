"""Site search: one box over health checks, questions, articles and plain pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.models import Page

from articles.models import ArticlePage, FAQPage, PeoplePage
from cms.core.listing import listed_pages
from cms.page_cache.versions import remember
from home.models import PlainPage
from home.search.models import QuestionEntry
from home.search.query import excerpt, highlight, search_query, words_of
from shop.catalogue.models import Biomarker, Package, PackagePage

# Nobody reads further; whoever looks for more is helped by another word.
MAX_RESULTS = 100
KINDS = ("package", "question", "article", "page")
KINDS_BESIDE_HELP = ("question", "article", "page")  # in a crisis nothing is sold


@dataclass(frozen=True)
class Result:
    title: SafeString
    url: str
    text: SafeString
    note: str = ""


@dataclass(frozen=True)
class Group:
    """The results of one kind, best first."""

    kind: str
    heading: str
    results: list[Result]


def search_site(words: list[str], request: HttpRequest, kinds: Iterable[str] = KINDS) -> list[Group]:
    """Return the groups in which something was found. One query a kind."""
    finders = {"package": _packages, "article": _articles, "page": _pages}
    groups = []
    for kind in kinds:
        results = _questions(words, request) if kind == "question" else finders[kind](words, request)
        if results:
            groups.append(Group(kind, heading(kind), results))
    return groups


def heading(kind: str) -> str:
    """Return what a reader calls this kind of result."""
    return {
        "package": _("Health checks"),
        "question": _("Questions"),
        "article": _("Articles"),
        "page": _("Other pages"),
    }[kind]


def suggestion(words: list[str]) -> str:
    """Return the words with the nearest of the site for mistyped ones; empty when nothing is near."""
    vocabulary = frozenset(remember("search-vocabulary", _vocabulary))
    corrected = [word if word in vocabulary else _nearest(word, vocabulary) for word in words]
    known = [word for word in corrected if word]
    return " ".join(known) if known and known != words else ""


def _nearest(word: str, vocabulary: frozenset[str]) -> str:
    if len(word) < 3:
        return ""
    completions = [known for known in vocabulary if known.startswith(word)]
    matches = sorted(completions, key=len) or get_close_matches(word, vocabulary, 1, 0.72)
    return matches[0] if matches else ""


def _vocabulary() -> list[str]:
    texts = [
        *listed_pages().values_list("title", flat=True),
        *QuestionEntry.objects.filter(page__in=listed_pages()).values_list("question", flat=True),
        *Biomarker.objects.values_list("name", flat=True),
    ]
    return sorted({word for text in texts for word in words_of(text) if len(word) > 2})


def _packages(words: list[str], request: HttpRequest) -> list[Result]:
    pages = PackagePage.objects.filter(pk__in=listed_pages()).select_related("package").defer_streamfields()
    return [
        _result(page, words, request, text=page.package.summary, note=_price_note(page.package))
        for page in _found(pages, words)
        if page.package and page.package.is_available
    ]


def _articles(words: list[str], request: HttpRequest) -> list[Result]:
    pages = ArticlePage.objects.filter(pk__in=listed_pages()).select_related("category").defer_streamfields()
    return [
        _result(page, words, request, page.introduction, page.category.name if page.category else "")
        for page in _found(pages, words)
    ]


def _pages(words: list[str], request: HttpRequest) -> list[Result]:
    pages = Page.objects.filter(pk__in=listed_pages()).type(PlainPage, FAQPage, PeoplePage)
    return [_result(page, words, request, page.search_description) for page in _found(pages, words)]


def _questions(words: list[str], request: HttpRequest) -> list[Result]:
    """Return the questions themselves, not the pages that carry them, each with the address of its answer."""
    entries = QuestionEntry.objects.filter(page_id__in=listed_pages().values("pk")).select_related("page")
    return [
        Result(
            title=highlight(entry.question, words),
            url=f"{entry.page.get_url(request)}#{entry.anchor}",
            text=highlight(excerpt(entry.answer_text, words), words),
            note=entry.page.title,
        )
        for entry in _found(entries, words)
    ]


def _found(pages, words: list[str]) -> list:
    return list(pages.search(search_query(words))[:MAX_RESULTS])


def _result(page: Page, words: list[str], request: HttpRequest, text: str, note: str = "") -> Result:
    return Result(
        title=highlight(page.title, words),
        url=page.get_url(request) or "",
        text=highlight(text, words),
        note=note,
    )


def _price_note(package: Package) -> str:
    return _("%(price)s · %(sample)s") % {"price": package.price, "sample": package.get_sample_display()}
