from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from shop.audit.books import audit_and_note
from shop.payments.gateway import PaymentUnavailable


# Stripe out of reach is no fault of a task: the next night asks again.
@shared_task(throws=(PaymentUnavailable,))
def audit_books() -> int:
    """Run the nightly audit; return how many findings there are, each of which is in a case."""
    since = timezone.now() - timedelta(days=settings.RECONCILED_DAYS)
    return sum(len(findings) for findings in audit_and_note(since).values())
