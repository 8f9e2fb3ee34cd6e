from celery import shared_task

from cms.limits import storage


@shared_task
def remove_expired_counters() -> int:
    """Remove expired counts and return their number."""
    return storage.remove_expired()
