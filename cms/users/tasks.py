import smtplib
from collections.abc import Sequence

from celery import shared_task
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from wagtail.admin.views.account import PasswordResetView

from cms.users.models import User

TRIES = 6


@shared_task(
    autoretry_for=(smtplib.SMTPException, OSError),
    retry_backoff=30,
    retry_backoff_max=1800,
    max_retries=TRIES,
)
def send_password_reset(user_ids: Sequence[int]) -> None:
    """Sends each of these people a link to a new password, which holds until they use it or log in."""
    for user in User.objects.filter(pk__in=user_ids, is_active=True):
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
        send_mail("".join(subject.splitlines()), body, None, [user.email])
