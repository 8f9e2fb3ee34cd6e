"""The Celery application: the worker and beat start from here."""

import os
import sys

from celery import Celery
from celery.signals import beat_init, celeryd_init

from cms.file_broker import use_whole_files

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")

use_whole_files()
app = Celery("checkup")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
@beat_init.connect
def _refuse_faulty_configuration(**_given: object) -> None:
    from django.core.exceptions import ImproperlyConfigured

    from cms.core.checks import refuse_faulty_configuration

    try:
        refuse_faulty_configuration()
    except ImproperlyConfigured as fault:
        # Celery logs what a receiver raises and goes on; only an exit ends it.
        sys.exit(str(fault))
