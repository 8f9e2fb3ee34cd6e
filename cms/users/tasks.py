"""Links to a new password: made and sent by a worker, tried again until the mail server takes them."""

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import get_connection, send_mail
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from wagtail.admin.views.account import PasswordResetView

from cms.users.models import ResetRequest, User

logger = logging.getLogger(__name__)

# Longer than a task may run, so that no second worker sends what the first still does.
RETRY_AFTER = timedelta(minutes=3)
# Who has waited longer has asked again, or a colleague.
GIVE_UP_AFTER = timedelta(days=1)


@shared_task
def send_password_reset(request_id: int) -> bool:
    """Send the people of this request a link to a new password, which is valid until they use it or log in.

    Return False when the mail server did not take it, or another worker has it: then it is tried again.
    """
    now = timezone.now()
    waiting = ResetRequest.objects.filter(pk=request_id, next_attempt_at__lte=now)
    if not waiting.update(next_attempt_at=now + RETRY_AFTER):
        return False
    reset_request = ResetRequest.objects.get(pk=request_id)
    try:
        for user in User.objects.filter(pk__in=reset_request.user_ids, is_active=True):
            _send_link(user)
    # Whatever the mail server or the network does, the request stays and is tried again.
    except Exception as error:
        is_over = reset_request.created_at < now - GIVE_UP_AFTER
        logger.error("A link to a new password was not sent%s: %s", " and is given up" * is_over, error)
        if is_over:
            reset_request.delete()
        return False
    reset_request.delete()
    return True


@shared_task
def send_password_resets() -> None:
    """Send what lost nudges and mail servers that were away have left behind, the oldest first."""
    due = ResetRequest.objects.filter(next_attempt_at__lte=timezone.now()).order_by("pk")
    for request_id in list(due.values_list("pk", flat=True)[:100]):
        send_password_reset.delay(request_id)


def _send_link(user: User) -> None:
    context = {
        "email": user.email,
        "user": user,
        "uid": urlsafe_base64_encode(force_bytes(user.pk)),
        "token": default_token_generator.make_token(user),
        "domain": settings.WAGTAILADMIN_BASE_URL,
        "protocol": "https",
    }
    subject = render_to_string(PasswordResetView.subject_template_name, context)
    body = render_to_string(PasswordResetView.email_template_name, context)
    # Not by the outbox, which other staff can read and send on.
    transport = get_connection(settings.MAIL_TRANSPORT)
    send_mail("".join(subject.splitlines()), body, None, [user.email], connection=transport)
