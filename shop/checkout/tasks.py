from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from shop.checkout.access import links
from shop.checkout.models import Basket, LinkRequest


@shared_task
def remove_old_baskets() -> int:
    """Delete baskets that nobody touched for settings.BASKET_DAYS; return how many."""
    oldest = timezone.now() - timedelta(days=settings.BASKET_DAYS)
    _rows, by_model = Basket.objects.filter(updated_at__lt=oldest).delete()
    return by_model.get("checkout.Basket", 0)


@shared_task
def answer_link_request(request_id: int) -> bool:
    """Send an order's link to who asked for it with the right e-mail address."""
    return links.answer_request(request_id)


@shared_task
def answer_link_requests() -> int:
    """Answer what no worker has heard of; return the number of requests."""
    waiting = list(LinkRequest.objects.order_by("pk").values_list("pk", flat=True))
    for request_id in waiting:
        links.answer_request(request_id)
    return len(waiting)
