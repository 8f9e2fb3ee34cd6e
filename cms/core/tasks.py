from celery import shared_task
from django.core.management import call_command


@shared_task
def publish_scheduled() -> None:
    """Publishes and unpublishes what editors scheduled in Wagtail."""
    call_command("publish_scheduled")
