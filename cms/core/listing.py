"""Which pages stand in public lists: on indexes, in menus, feeds, searches and recommendations."""

from typing import TypeVar

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from django.utils import timezone
from wagtail.models import Page, PageManager, Site
from wagtail.query import PageQuerySet

from cms.core.restrictions import is_restricted

Pages = TypeVar("Pages", bound=QuerySet)


def listed(pages: Pages) -> Pages:
    """Those that any list may show to any reader, each once.

    They are live and not due to be taken down, below a site's home page, neither restricted themselves nor
    by a page above them, and no aliases: an alias repeats a page that has an address of its own.
    """
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    sites = Site.objects.alias(reader_path=path).filter(reader_path__startswith=F("root_page__path"))
    public = pages.filter(~is_restricted(), Exists(sites), live=True, alias_of__isnull=True)
    return public.exclude(expire_at__lte=timezone.now())


def listed_pages() -> "PageQuerySet[Page]":
    """Pages of every type that any list may show, in no order."""
    return listed(Page.objects.order_by())


class ListedPageQuerySet(PageQuerySet):
    def listed(self) -> "ListedPageQuerySet":
        """The pages that may stand in a public list."""
        return listed(self)


ListedPageManager = PageManager.from_queryset(ListedPageQuerySet)
