from celery import shared_task
from django.conf import settings
from django.utils import timezone

from shop.mail.delivery import deliver
from shop.mail.models import OutboxMail

SWEEP_SIZE = 500


@shared_task
def deliver_mail(mail_id: int) -> None:
    deliver(mail_id)


@shared_task
def sweep_outbox() -> None:
    """Hands every due mail to a worker: what a lost nudge, a killed worker or a refusal left behind."""
    due = OutboxMail.objects.due(timezone.now()).order_by("next_attempt_at").values_list("pk", flat=True)
    for mail_id in due[:SWEEP_SIZE]:
        # The next sweep finds what is still due, so an unread message need not outlive this one.
        deliver_mail.apply_async((mail_id,), expires=settings.OUTBOX_SWEEP_SECONDS)
