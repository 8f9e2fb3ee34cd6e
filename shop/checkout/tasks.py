from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from shop.checkout.models import Basket


@shared_task
def remove_old_baskets() -> int:
    """Removes baskets that nobody touched for the days a basket is kept; gives their number."""
    oldest = timezone.now() - timedelta(days=settings.BASKET_DAYS)
    _rows, by_model = Basket.objects.filter(updated_at__lt=oldest).delete()
    return by_model.get("checkout.Basket", 0)
