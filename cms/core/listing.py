"""Which pages stand in public lists: on indexes, in menus, feeds, searches and recommendations."""

from typing import TypeVar

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from django.utils import timezone
from wagtail.models import Page, PageManager, PageViewRestriction, Site
from wagtail.query import PageQuerySet

Pages = TypeVar("Pages", bound=QuerySet)


def is_restricted(path: str = "path") -> Exists:
    """Return a condition for a query that knows a page's path by this name: it or one above it is restricted.

    Part of the query itself, where Wagtail's `public()` asks for all restrictions first.
    """
    reader_path = ExpressionWrapper(OuterRef(path), output_field=CharField())
    restrictions = PageViewRestriction.objects.alias(reader_path=reader_path)
    return Exists(restrictions.filter(reader_path__startswith=F("page__path")))


def listed(pages: Pages) -> Pages:
    """Return those that any list may show to any reader, each once.

    They are live and not due to be taken down, below a site's home page, neither restricted themselves nor
    by a page above them, and no aliases: an alias repeats a page that has an address of its own.
    """
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    sites = Site.objects.alias(reader_path=path).filter(reader_path__startswith=F("root_page__path"))
    public = pages.filter(~is_restricted(), Exists(sites), live=True, alias_of__isnull=True)
    return public.exclude(expire_at__lte=timezone.now())


def listed_pages() -> "PageQuerySet[Page]":
    """Return pages of every type that any list may show, in no order."""
    return listed(Page.objects.order_by())


class ListedPageQuerySet(PageQuerySet):
    def listed(self) -> "ListedPageQuerySet":
        """Return the pages that may stand in a public list."""
        return listed(self)


ListedPageManager = PageManager.from_queryset(ListedPageQuerySet)
