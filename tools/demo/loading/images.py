"""The drawn pictures as Wagtail images."""

from django.conf import settings
from django.core.files.base import ContentFile

from cms.images.models import CustomImage
from tools.illustrations import picture_file


def demo_image(key: str, title: str, description: str = "") -> CustomImage:
    """A new image drawn for this key, with its alternative text."""
    return CustomImage.objects.create(
        title=title,
        description=description,
        credit="Drawn for this demo",
        file=ContentFile(picture_file(key, width=settings.DEMO_PICTURE_WIDTH), name=f"{key.lower()}.webp"),
    )
