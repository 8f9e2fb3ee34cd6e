from celery import shared_task
from django.conf import settings
from django.utils import timezone

from shop.mail.delivery import deliver
from shop.mail.models import OutboxMail

# What a sweep hands out for each second until the next: as much as one busy worker sends. A queue that grows
# faster than a worker throws expired messages away would never reach one that still counts.
SWEPT_A_SECOND = 5


@shared_task
def deliver_mail(mail_id: int) -> None:
    deliver(mail_id)


@shared_task
def sweep_outbox() -> None:
    """Hand due mails to a worker, the longest waiting first: what lost nudges and refusals left behind."""
    due = OutboxMail.objects.due(timezone.now()).order_by("next_attempt_at").values_list("pk", flat=True)
    for mail_id in due[: SWEPT_A_SECOND * settings.OUTBOX_SWEEP_SECONDS]:
        # The next sweep finds what is still due, so an unread message need not outlive this one.
        deliver_mail.apply_async((mail_id,), expires=settings.OUTBOX_SWEEP_SECONDS)
