"""A broker that is away or silent costs a request its time-out at most, and no row."""

import socket
import time

import pytest
from celery import Celery, current_app
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction

from cms.settings.base import BROKER_TIMEOUT, REDIS_BROKER_OPTIONS
from cms.users.forms import PasswordResetForm
from cms.users.models import ResetRequest
from shop.mail.models import MailState, OutboxMail
from shop.mail.outbox import enqueue

pytestmark = pytest.mark.django_db(transaction=True)

TIME_OUT = 0.4


@pytest.fixture(params=["nobody listens", "it accepts and is silent"])
def dead_broker(request):
    """Give the tasks an application with the site's settings whose Redis does not answer."""
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]
    if request.param == "nobody listens":
        server.close()
    before = current_app._get_current_object()
    app = Celery("without-a-broker", set_as_current=True)
    app.config_from_object(settings, namespace="CELERY")
    app.conf.broker_url = f"redis://127.0.0.1:{port}/0"
    app.conf.broker_transport_options = {
        name: TIME_OUT if value == BROKER_TIMEOUT else value for name, value in REDIS_BROKER_OPTIONS.items()
    }
    yield
    before.set_current()
    server.close()


def test_a_mail_is_kept_for_the_sweeper(dead_broker, caplog):
    context = {"order_code": "K7QM4XPR", "order_url": "https://checkup.example/", "total": "$99"}
    with transaction.atomic():
        mail = enqueue(
            reference="order:K7QM4XPR", kind="order_paid", recipient="jo@example.org", context=context
        )
        began = time.monotonic()

    assert time.monotonic() - began < 5 * TIME_OUT
    assert OutboxMail.objects.get(state=MailState.QUEUED) == mail
    assert f"The broker took no message for shop.mail.tasks.deliver_mail ({mail.pk},)" in caplog.text


def test_a_request_for_a_new_password_is_kept_for_beat(dead_broker, rf, caplog):
    user = get_user_model().objects.create_user("editor", "editor@checkup.test", "a-good-long-password")
    form = PasswordResetForm({"email": user.email}, request=rf.post("/admin/password_reset/"))
    assert form.is_valid()
    began = time.monotonic()
    form.save()

    assert time.monotonic() - began < 5 * TIME_OUT
    assert ResetRequest.objects.get().user_ids == [user.pk]
    assert "The broker took no message for cms.users.tasks.send_password_reset" in caplog.text
