"""How patiently a mail is tried again, by what the mail server or the e-mail service said."""

import smtplib
from datetime import timedelta

import pytest
import requests
from anymail.exceptions import AnymailRecipientsRefused, AnymailRequestsAPIError

from shop.mail.retry_policy import OUR_FAULT, PERMANENT, PUT_OFF, UNREACHABLE, failure_of


def service_answer(status: int) -> AnymailRequestsAPIError:
    """Return what anymail raises for a response with this status."""
    response = requests.Response()
    response.status_code = status
    return AnymailRequestsAPIError(response=response)


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (ConnectionRefusedError(), UNREACHABLE),
        (TimeoutError(), UNREACHABLE),
        (smtplib.SMTPServerDisconnected("gone"), UNREACHABLE),
        (smtplib.SMTPConnectError(421, b"Too busy"), PUT_OFF),
        (smtplib.SMTPDataError(451, b"Greylisted"), PUT_OFF),
        (smtplib.SMTPRecipientsRefused({"jo@example.org": (452, b"Mailbox full")}), PUT_OFF),
        (smtplib.SMTPAuthenticationError(535, b"Wrong password"), OUR_FAULT),
        (smtplib.SMTPSenderRefused(550, b"Not your domain", "hello@checkup.example"), OUR_FAULT),
        (LookupError("no such attachment"), OUR_FAULT),
        (smtplib.SMTPDataError(554, b"No"), PERMANENT),
        (smtplib.SMTPRecipientsRefused({"jo@example.org": (550, b"No such user")}), PERMANENT),
        (AnymailRecipientsRefused(), PERMANENT),
        (service_answer(401), OUR_FAULT),
        (service_answer(429), PUT_OFF),
        (service_answer(503), PUT_OFF),
        (AnymailRequestsAPIError(), UNREACHABLE),
    ],
)
def test_each_error_has_its_kind(error, failure):
    assert failure_of(error) is failure


@pytest.mark.parametrize(
    ("failure", "attempts", "pause"),
    [
        (UNREACHABLE, 1, timedelta(seconds=30)),
        (UNREACHABLE, 2, timedelta(seconds=60)),
        (UNREACHABLE, 7, timedelta(seconds=1920)),
        (UNREACHABLE, 50, timedelta(hours=1)),
        (PUT_OFF, 1, timedelta(minutes=5)),
        (PUT_OFF, 3, timedelta(minutes=20)),
        (PUT_OFF, 50, timedelta(hours=2)),
        (OUR_FAULT, 1, timedelta(minutes=10)),
    ],
)
def test_pauses_double_up_to_the_longest(failure, attempts, pause):
    assert failure.pause_after(attempts) == pause
