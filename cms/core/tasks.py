from celery import shared_task

from cms.core.publishing import publish_due


@shared_task
def publish_scheduled() -> None:
    """Publish and unpublish what editors scheduled in Wagtail."""
    publish_due()
