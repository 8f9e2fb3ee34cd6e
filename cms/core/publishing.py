"""Publishes and unpublishes what editors scheduled; one version that cannot go live keeps no other back."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.core.cache import cache
from django.db import models, transaction
from django.utils import timezone
from wagtail.models import DraftStateMixin, Revision

logger = logging.getLogger(__name__)

# Beat comes by every minute: what is later than this does not go live by itself.
OVERDUE = timedelta(minutes=5)
REPORTED_SECONDS = 3600


def publish_due() -> None:
    """Take down what has expired and publishes what is due, each in a transaction of its own."""
    now = timezone.now()
    for row in _expired(now):
        _try(_take_down, row, now)
    for revision in Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at"):
        _try(_publish, revision, now)


def overdue_revisions() -> models.QuerySet[Revision]:
    """Return scheduled versions whose time has passed and that are not live; the dashboard shows them."""
    return Revision.objects.filter(approved_go_live_at__lt=timezone.now() - OVERDUE).order_by(
        "approved_go_live_at"
    )


def _expired(now: datetime) -> Iterator[Any]:
    for model in apps.get_models():
        # A page's own table holds the dates of all its types.
        if issubclass(model, DraftStateMixin) and not model._meta.parents:
            yield from list(model._default_manager.filter(live=True, expire_at__lt=now).order_by("expire_at"))


def _take_down(row: Any, now: datetime) -> None:
    _lock(type(row), row.pk)
    for expired in type(row)._default_manager.filter(pk=row.pk, live=True, expire_at__lt=now):
        expired.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _publish(revision: Revision, now: datetime) -> None:
    _lock(revision.base_content_type.model_class(), revision.object_id)
    for due in Revision.objects.filter(pk=revision.pk, approved_go_live_at__lt=now):
        due.publish(log_action="wagtail.publish.scheduled")


def _lock(model: Any, key: object) -> None:
    """Lock the row before its revisions, as the editor's requests do; both are read afterwards."""
    model._default_manager.select_for_update(no_key=True).filter(pk=key).values_list("pk").first()


def _try(work: Callable[[Any, datetime], None], row: Any, now: datetime) -> None:
    """Do the work in a transaction of its own; log what fails once an hour, so that it stops no other row."""
    try:
        with transaction.atomic():
            work(row, now)
    except Exception as error:
        if cache.add(f"not-published:{row._meta.label}:{row.pk}", "reported", REPORTED_SECONDS):
            logger.exception("%s %s cannot go live or be taken down: %s", row._meta.label, row.pk, error)
