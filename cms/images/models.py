import logging
from io import BytesIO

from django.core.cache import cache
from django.core.files.base import File
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, Filter, Image, SourceImageIOError

from cms.images.conversion import plain_source

logger = logging.getLogger(__name__)

# Nobody's request decodes again what could not be decoded.
BROKEN_SECONDS = 3600


class CustomImage(AbstractImage):
    """A picture with its alternative text (Wagtail's description) and who made it."""

    credit = models.CharField(_("credit"), max_length=200, blank=True)

    admin_form_fields = (*Image.admin_form_fields, "credit")

    def get_rendition(self, filter: Filter | str) -> AbstractRendition:
        """Return Wagtail's rendition; where none can be made, one without a size, as its template tags do."""
        try:
            return super().get_rendition(filter)
        except SourceImageIOError:
            not_found = self.get_rendition_model()(image=self, width=0, height=0)
            not_found.file.name = "not-found"
            return not_found

    def generate_rendition_file(self, filter: Filter, *, source: File | None = None) -> File:
        """Return Wagtail's file, made of plain colours. Raise SourceImageIOError for every failure.

        Wagtail's own screens and ours leave the picture out then.
        """
        broken_key = f"broken-picture:{self.pk}:{self.file.name}"
        if cache.get(broken_key):
            raise SourceImageIOError("could not be read before")
        try:
            return super().generate_rendition_file(filter, source=self._plain_source(source))
        except SourceImageIOError:  # the file is not there, which is cheap to find out
            raise
        except Exception as error:
            cache.set(broken_key, True, BROKEN_SECONDS)
            logger.warning("Picture %s (%s) cannot be shown: %s", self.pk, self.file.name, error)
            raise SourceImageIOError(str(error)) from error

    def _plain_source(self, source: File | None) -> File:
        """Return the original, converted if it came into the database in another way than by an upload."""
        if source is None:
            with self.open_file() as file:
                source = File(BytesIO(file.read()), name=self.file.name)
        plain = plain_source(source)
        source.seek(0)
        return File(plain, name=self.file.name) if plain else source


class CustomRendition(AbstractRendition):
    image = models.ForeignKey(CustomImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="unique_rendition_of_an_image"
            ),
        ]
