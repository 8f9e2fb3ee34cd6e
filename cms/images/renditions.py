"""A new picture's sizes are made by the worker, so that no reader waits for them."""

from django.db.models.signals import post_save

from cms.background import nudge
from cms.images.models import CustomImage
from cms.images.tasks import make_renditions


def connect() -> None:
    """Have sizes made after each new picture."""
    post_save.connect(_make_later, sender=CustomImage, dispatch_uid="make renditions")


def _make_later(instance: CustomImage, created: bool, raw: bool, **_kwargs) -> None:
    if created and not raw:
        nudge(make_renditions, instance.pk)  # without the worker they are made when they are first shown
