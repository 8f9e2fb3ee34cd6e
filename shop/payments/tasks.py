from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from shop.payments import expiry, gateway
from shop.payments.reconciling import everything


# Stripe out of reach is no fault of a task: the next run of beat asks again.
@shared_task(throws=(gateway.PaymentUnavailable,))
def reconcile_payments() -> None:
    everything.reconcile(timezone.now() - timedelta(days=settings.RECONCILED_DAYS))


@shared_task(throws=(gateway.PaymentUnavailable,))
def end_unpaid_orders() -> None:
    expiry.end_unpaid_orders(timezone.now())
