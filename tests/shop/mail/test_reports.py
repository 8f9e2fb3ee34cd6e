"""What an e-mail service reports, through its own webhook with its own signature."""

import base64
import hashlib
import hmac
import json
from types import ModuleType

import pytest
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from cms import urls
from cms.settings.email import anymail_settings, email_backend
from shop.cases.models import Case, CaseKind
from shop.mail import delivery, reports
from shop.mail.models import MailState, OutboxMail
from shop.mail.urls import report_urls

pytestmark = pytest.mark.django_db

SIGNING_KEY = "signing-key-of-this-test"
SERVICE_ID = "<20261125.1@mail.checkup.example>"


@pytest.fixture
def mailgun(settings):
    """Mailgun as the configured e-mail service; nothing is sent to it."""
    settings.ANYMAIL = anymail_settings("mailgun", key="api-key", webhook_secret="", signing_key=SIGNING_KEY)
    settings.MAIL_TRANSPORT = email_backend("mailgun")
    settings.ROOT_URLCONF = urls_with("mailgun")


def urls_with(service: str) -> ModuleType:
    """Return the site's addresses as they are when this service is configured."""
    module = ModuleType("urls_with_service")
    module.urlpatterns = [path("mail/", include((report_urls(service), "mail"))), *urls.urlpatterns]
    return module


@pytest.fixture
def mail() -> OutboxMail:
    return OutboxMail.objects.create(
        reference="order:K7QM4XPR",
        kind="order_paid",
        recipient="jo@example.org",
        subject="Payment received",
        text_body="Thank you",
        html_body="<p>Thank you</p>",
        message_id="<one@checkup.example>",
        state=MailState.SENT,
        service_message_id=SERVICE_ID,
        next_attempt_at=timezone.now(),
    )


def report(event: str, *, key: str = SIGNING_KEY, variables: dict | None = None, **data):
    """Mailgun's report, signed with this key."""
    stamp, token = "1790000000", "c" * 50
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    body = {
        "signature": {"timestamp": stamp, "token": token, "signature": signature},
        "event-data": {
            "event": event,
            "timestamp": 1790000000.5,
            "recipient": "jo@example.org",
            "message": {"headers": {"message-id": SERVICE_ID.strip("<>")}},
            "user-variables": variables or {},
            **data,
        },
    }
    return Client().post("/mail/mailgun/tracking/", json.dumps(body), content_type="application/json")


BOUNCE = {
    "severity": "permanent",
    "reason": "bounce",
    "delivery-status": {"message": "550 jo@example.org: no such mailbox", "code": 550},
}


def test_a_bounce_marks_the_mail_and_is_one_case_however_often_it_comes(mailgun, mail):
    for _time in range(3):
        assert report("failed", **BOUNCE).status_code == 200

    mail.refresh_from_db()
    case = Case.objects.get()
    assert (mail.state, mail.report) == (MailState.BOUNCED, "550 jo@example.org: no such mailbox")
    assert (case.kind, case.reference) == (CaseKind.UNDELIVERABLE_MAIL, f"mail:{mail.pk}")
    assert "jo@" not in case.reason + str(case.data)


def test_a_complaint_is_a_case_of_its_own_and_a_late_bounce_does_not_hide_it(mailgun, mail):
    report("complained")
    report("failed", **BOUNCE)

    mail.refresh_from_db()
    assert mail.state == MailState.COMPLAINED
    assert "spam" in Case.objects.get().reason


def test_a_report_with_a_forged_signature_is_refused(mailgun, mail):
    assert report("failed", key="another-key", **BOUNCE).status_code == 400

    mail.refresh_from_db()
    assert mail.state == MailState.SENT
    assert not Case.objects.exists()


@pytest.mark.parametrize("event", ["delivered", "opened", "accepted"])
def test_other_reports_change_nothing(mailgun, mail, event):
    assert report(event).status_code == 200

    mail.refresh_from_db()
    assert mail.state == MailState.SENT


def test_a_delay_is_no_bounce(mailgun, mail):
    report("failed", severity="temporary", **{"delivery-status": {"message": "451 Later"}})

    mail.refresh_from_db()
    assert mail.state == MailState.SENT


def test_a_report_about_somebody_elses_mail_is_taken_and_ignored(mailgun, mail):
    answer = report("failed", message={"headers": {"message-id": "unknown@elsewhere.example"}})

    assert answer.status_code == 200
    assert not Case.objects.exists()


def test_a_report_that_comes_before_the_service_has_answered_us_is_kept(mailgun, mail):
    OutboxMail.objects.update(state=MailState.SENDING, service_message_id="")

    report("failed", variables={reports.ROW: str(mail.pk)}, **BOUNCE)
    delivery._record_success(mail, mail.attempts.create(), SERVICE_ID)

    mail.refresh_from_db()
    assert (mail.state, mail.service_message_id) == (MailState.BOUNCED, SERVICE_ID)


def test_an_erased_mail_keeps_no_words_about_its_recipient(mailgun, mail):
    OutboxMail.objects.update(recipient="")

    report("failed", **BOUNCE)

    mail.refresh_from_db()
    assert (mail.state, mail.report) == (MailState.BOUNCED, "")


class TestBasicAuthentication:
    """Postmark signs nothing: the secret stands in the address."""

    BODY = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Email": "jo@example.org",
        "BouncedAt": "2026-11-25T12:00:00Z",
        "Details": "smtp;550 no such mailbox",
    }

    @pytest.fixture
    def postmark(self, settings):
        settings.ANYMAIL = anymail_settings(
            "postmark", key="token", webhook_secret="hook:old-password-here,hook:new-password-here"
        )
        settings.ROOT_URLCONF = urls_with("postmark")

    def post(self, secret: str) -> int:
        name, _colon, password = secret.partition(":")
        client = Client(headers={"authorization": basic(name, password)})
        answer = client.post("/mail/postmark/tracking/", self.BODY, content_type="application/json")
        return answer.status_code

    def test_both_secrets_hold_while_one_is_replaced(self, postmark, mail):
        OutboxMail.objects.update(service_message_id=self.BODY["MessageID"])

        assert self.post("hook:old-password-here") == 200
        assert self.post("hook:new-password-here") == 200

        mail.refresh_from_db()
        assert (mail.state, Case.objects.count()) == (MailState.BOUNCED, 1)

    def test_another_secret_is_refused(self, postmark, mail):
        OutboxMail.objects.update(service_message_id=self.BODY["MessageID"])

        assert self.post("hook:guessed") == 400

        mail.refresh_from_db()
        assert mail.state == MailState.SENT


def basic(name: str, password: str) -> str:
    """Return the Authorization header."""
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def test_without_a_service_there_is_no_such_address(client):
    assert report_urls("") == []
    assert client.post("/mail/mailgun/tracking/").status_code == 404
