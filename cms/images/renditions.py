"""A new picture's sizes are made by the worker, so that no reader waits for them."""

import logging
from functools import partial

from django.db import transaction
from django.db.models.signals import post_save
from kombu.exceptions import OperationalError

from cms.images.models import CustomImage
from cms.images.tasks import make_renditions

logger = logging.getLogger(__name__)


def connect() -> None:
    """Starts watching for new pictures."""
    post_save.connect(_make_later, sender=CustomImage, dispatch_uid="make renditions")


def _make_later(instance: CustomImage, created: bool, raw: bool, **_kwargs) -> None:
    if created and not raw:
        transaction.on_commit(partial(_nudge, instance.pk))


def _nudge(image_id: int) -> None:
    try:
        make_renditions.delay(image_id)
    except (OperationalError, OSError):
        logger.warning(
            "The broker is away: the sizes of picture %s are made when it is first shown", image_id
        )
