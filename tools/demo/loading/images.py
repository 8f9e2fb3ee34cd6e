"""The demo's pictures, which are files beside its texts, as Wagtail images."""

from django.core.files.base import ContentFile

from cms.images.models import CustomImage
from tools.demo.loading.content import CONTENT_DIR

PICTURES_DIR = CONTENT_DIR / "pictures"


def demo_image(key: str, title: str, description: str = "") -> CustomImage:
    """Return a new image of this key's picture; raise FileNotFoundError where there is none."""
    path = PICTURES_DIR / f"{key.lower()}.webp"
    return CustomImage.objects.create(
        title=title,
        description=description,
        credit="Drawn for this demo",
        file=ContentFile(path.read_bytes(), name=path.name),
    )
