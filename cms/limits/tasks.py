from celery import shared_task

from cms.limits import storage


@shared_task
def remove_expired_counters() -> int:
    """Removes counts that have run out; gives their number."""
    return storage.remove_expired()
