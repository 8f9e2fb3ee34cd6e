"""The sizes and formats in which the site shows a picture."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.core.cache import cache
from django.db.models import Prefetch, prefetch_related_objects
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage, AbstractRendition, Filter

logger = logging.getLogger(__name__)

# Until the original is back on the disk, or the disk has room again.
NOT_MADE_SECONDS = 60

_makes_missing: ContextVar[bool] = ContextVar("makes_missing", default=True)

# Best first. Browsers that know neither AVIF nor WebP are rare: one size is enough for them.
WIDTHS = {"avif": (400, 800, 1200), "webp": (400, 800, 1200), "jpeg": (800,)}


def filter_spec(picture_format: str, width: int) -> str:
    """Return Wagtail's filter specification of one rendition."""
    return f"format-{picture_format}|width-{width}"


# What Open Graph and structured data show.
SHARE_SPEC = "fill-1200x630|format-jpeg"

FILTER_SPECS = tuple(filter_spec(name, width) for name, widths in WIDTHS.items() for width in widths)


def prefetch_pictures(lookup: str = "picture") -> Prefetch:
    """Return a prefetch, in one query, of every rendition that `components/picture.html` shows for `lookup`.

    Add the pictures themselves with `select_related(lookup)`.
    """
    rendition_model = get_image_model().get_rendition_model()
    return Prefetch(
        f"{lookup}__renditions" if lookup else "renditions",
        queryset=rendition_model.objects.filter(filter_spec__in=[*FILTER_SPECS, SHARE_SPEC]),
        to_attr="prefetched_renditions",
    )


def attach_renditions(images: Iterable[AbstractImage | None]) -> None:
    """Fetch the renditions of pictures from different places of one page in one query."""
    prefetch_related_objects([image for image in images if image], prefetch_pictures(""))


def renditions_of(image: AbstractImage, specs: Iterable[str]) -> dict[str, AbstractRendition]:
    """Return a picture's renditions by specification, without those that cannot be made; never raise.

    Takes no query after `prefetch_pictures`.
    """
    filters = [Filter(spec=spec) for spec in specs]
    found = {known.spec: rendition for known, rendition in image.find_existing_renditions(*filters).items()}
    missing = [wanted.spec for wanted in filters if wanted.spec not in found]
    if missing and _makes_missing.get() and not cache.get(_not_made_key(image)):
        try:
            found |= image.get_renditions(*missing)
        except Exception as error:  # no page falls for a picture, whatever the disk or the bucket says
            cache.set(_not_made_key(image), True, NOT_MADE_SECONDS)
            logger.warning("Picture %s (%s) is left out: %s", image.pk, image.file.name, error)
    return found


@contextmanager
def only_made_pictures() -> Iterator[None]:
    """Make no size inside the block: pages leave out what the worker has not made yet."""
    token = _makes_missing.set(False)
    try:
        yield
    finally:
        _makes_missing.reset(token)


def _not_made_key(image: AbstractImage) -> str:
    return f"picture-not-made:{image.pk}:{image.file.name}"
