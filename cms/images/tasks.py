from celery import shared_task

from cms.images.models import CustomImage
from cms.images.pictures import FILTER_SPECS, SHARE_SPEC, renditions_of


@shared_task
def make_renditions(image_id: int) -> None:
    """Make every size in which the site shows this picture; what exists already stays."""
    image = CustomImage.objects.filter(pk=image_id).first()
    if image is not None:
        renditions_of(image, [*FILTER_SPECS, SHARE_SPEC])
