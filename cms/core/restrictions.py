"""Which pages are not for everybody."""

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef
from wagtail.models import PageViewRestriction


def is_restricted(path: str = "path") -> Exists:
    """A condition, in a query that knows a page's tree path by this name: it or one above it is restricted.

    Part of the query itself, where Wagtail's `public()` asks for all restrictions first.
    """
    reader_path = ExpressionWrapper(OuterRef(path), output_field=CharField())
    restrictions = PageViewRestriction.objects.alias(reader_path=reader_path)
    return Exists(restrictions.filter(reader_path__startswith=F("page__path")))
