"""What beat starts."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from shop.payments import cancelling, gateway
from shop.payments.reconciling import reconcile


# Stripe out of reach is no fault of a task: the next run of beat asks again.
@shared_task(throws=(gateway.PaymentUnavailable,))
def reconcile_payments() -> None:
    reconcile(timezone.now() - timedelta(days=settings.RECONCILED_DAYS))


@shared_task(throws=(gateway.PaymentUnavailable,))
def cancel_unpaid_orders() -> None:
    cancelling.cancel_unpaid_orders(timezone.now())
