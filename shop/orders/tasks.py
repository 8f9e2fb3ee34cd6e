from celery import shared_task
from django.utils import timezone

from shop.orders import late_orders


@shared_task
def open_late_cases() -> None:
    late_orders.open_late_cases(timezone.now())
