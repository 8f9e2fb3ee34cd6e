"""The Celery application: the worker and beat start from here."""

import gc
import logging
import sys
from logging.config import dictConfig

from celery import Celery
from celery.signals import beat_init, celeryd_init, setup_logging, worker_before_create_process
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

import configuration
from cms.celery_broker import register_transports
from cms.core.checks import refuse_faulty_configuration

# As the web process: without a word a server must not fall back to what is meant for a laptop.
configuration.choose_settings(configuration.PRODUCTION)

register_transports()
app = Celery("checkup")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _log_as_the_site_does(loglevel: int, **_given: object) -> None:
    """Replace Celery's own handlers, which have no filter and would write order links into the logs."""
    dictConfig(settings.LOGGING)
    logging.getLogger().setLevel(loglevel)


@celeryd_init.connect
@beat_init.connect
def _refuse_faulty_configuration(**_given: object) -> None:
    try:
        refuse_faulty_configuration()
    except ImproperlyConfigured as fault:
        # Celery logs what a receiver raises and goes on; only an exit ends it.
        sys.exit(str(fault))


@worker_before_create_process.connect
def _share_memory(**_given: object) -> None:
    """Freeze what is loaded now: a collection in a forked process would copy the memory that all share."""
    gc.collect()
    gc.freeze()
