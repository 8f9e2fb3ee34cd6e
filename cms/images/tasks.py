"""A new picture's sizes are made by the worker, so that no reader waits for them."""

from celery import shared_task
from django.db.models.signals import post_save

from cms.background import nudge
from cms.images.models import CustomImage
from cms.images.pictures import FILTER_SPECS, SHARE_SPEC, renditions_of


@shared_task
def make_renditions(image_id: int) -> None:
    """Make every size in which the site shows this picture; what exists already stays."""
    image = CustomImage.objects.filter(pk=image_id).first()
    if image is not None:
        renditions_of(image, [*FILTER_SPECS, SHARE_SPEC])


def connect() -> None:
    """Have sizes made after each new picture."""
    post_save.connect(_make_later, sender=CustomImage, dispatch_uid="make renditions")


def _make_later(instance: CustomImage, created: bool, raw: bool, **_kwargs) -> None:
    if created and not raw:
        nudge(make_renditions, instance.pk)  # without the worker they are made when they are first shown
