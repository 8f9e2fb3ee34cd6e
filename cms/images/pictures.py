"""The sizes and formats in which the site shows a picture."""

from collections.abc import Iterable

from django.db.models import Prefetch, prefetch_related_objects
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage

# Best first. Browsers that know neither AVIF nor WebP are rare: one size is enough for them.
WIDTHS = {"avif": (400, 800, 1200), "webp": (400, 800, 1200), "jpeg": (800,)}


def filter_spec(picture_format: str, width: int) -> str:
    """Wagtail's name for one rendition."""
    return f"format-{picture_format}|width-{width}"


# What Open Graph and structured data show.
SHARE_SPEC = "fill-1200x630|format-jpeg"

FILTER_SPECS = tuple(filter_spec(name, width) for name, widths in WIDTHS.items() for width in widths)


def prefetch_pictures(lookup: str = "picture") -> Prefetch:
    """Fetches every rendition that `components/picture.html` shows, for `lookup` on all rows, in one query.

    Add the pictures themselves with `select_related(lookup)`.
    """
    rendition_model = get_image_model().get_rendition_model()
    return Prefetch(
        f"{lookup}__renditions" if lookup else "renditions",
        queryset=rendition_model.objects.filter(filter_spec__in=[*FILTER_SPECS, SHARE_SPEC]),
        to_attr="prefetched_renditions",
    )


def attach_renditions(images: Iterable[AbstractImage | None]) -> None:
    """Fetches the renditions of pictures from different places of one page in one query."""
    prefetch_related_objects([image for image in images if image], prefetch_pictures(""))
