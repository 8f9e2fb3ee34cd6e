from celery import shared_task
from django.utils import timezone

from shop.backoffice import digest


@shared_task
def send_staff_digest() -> None:
    digest.send_digest(timezone.now())
