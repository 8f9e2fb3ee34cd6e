"""Which pages stand in public lists: on indexes, in feeds, searches and recommendations."""

from typing import TypeVar

from django.db.models import QuerySet
from wagtail.models import PageManager
from wagtail.query import PageQuerySet

Pages = TypeVar("Pages", bound=QuerySet)


def listed(pages: Pages) -> Pages:
    """Those that are live, each once: an alias repeats a page that has an address of its own."""
    return pages.filter(live=True, alias_of__isnull=True)


class ListedPageQuerySet(PageQuerySet):
    def listed(self) -> "ListedPageQuerySet":
        """The pages that may stand in a public list."""
        return listed(self)


ListedPageManager = PageManager.from_queryset(ListedPageQuerySet)
