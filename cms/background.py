"""How work reaches a Celery worker: a row is written, and the commit nudges a worker to do it."""

import logging
from functools import partial

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def nudge(task: Task, *ids: int) -> None:
    """Ask a worker to run the task with these primary keys once the transaction has committed.

    A broker that does not take the message fails no request: that is logged, and the row stays for beat, or
    for whoever needs its result.
    """
    transaction.on_commit(partial(_publish, task, ids))


def _publish(task: Task, ids: tuple[int, ...]) -> None:
    try:
        task.delay(*ids)
    except (OperationalError, OSError) as error:
        logger.warning("The broker took no message for %s %s; it is done later: %s", task.name, ids, error)
