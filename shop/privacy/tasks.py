from celery import shared_task

from shop.privacy import retention


@shared_task
def apply_retention() -> None:
    retention.run()
