"""As a server runs, with the waits shortened in proportion: a torture of minutes shows what days would."""

from cms.settings.dev import *  # noqa: F403 - a settings module extends its base by name

DEBUG = False
SECRET_KEY = "torture-only-key-0123456789-0123456789-0123456789-012"  # noqa: S105 - guards nothing
PAGE_CACHE = False  # a kept copy would hide the database's absence from the buyers

# A mail's lease stays longer than a task may run, and that longer than the mail server may take.
EMAIL_TIMEOUT = 5
CELERY_TASK_TIME_LIMIT = 15
OUTBOX_LEASE_SECONDS = 25
OUTBOX_FIRST_PAUSE_SECONDS = 1
OUTBOX_SWEEP_SECONDS = 3
CELERY_BEAT_SCHEDULE["send-due-mails"] |= {  # noqa: F405 - from the star above
    "schedule": OUTBOX_SWEEP_SECONDS,
    "options": {"expires": OUTBOX_SWEEP_SECONDS},
}
CELERY_BEAT_SCHEDULE["reconcile-payments"]["schedule"] = 20  # noqa: F405 - from the star above
