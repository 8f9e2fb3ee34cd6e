from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from shop.checkout.access import link_mails
from shop.checkout.models import Basket, LinkRequest


@shared_task
def remove_old_baskets() -> int:
    """Removes baskets that nobody touched for the days a basket is kept; gives their number."""
    oldest = timezone.now() - timedelta(days=settings.BASKET_DAYS)
    _rows, by_model = Basket.objects.filter(updated_at__lt=oldest).delete()
    return by_model.get("checkout.Basket", 0)


@shared_task
def answer_link_request(request_id: int) -> bool:
    """Sends an order's link to who asked for it with the right e-mail address."""
    return link_mails.answer(request_id)


@shared_task
def answer_link_requests() -> int:
    """Answers what was asked while the broker took no nudge; gives the number of requests."""
    waiting = list(LinkRequest.objects.order_by("pk").values_list("pk", flat=True))
    for request_id in waiting:
        link_mails.answer(request_id)
    return len(waiting)
