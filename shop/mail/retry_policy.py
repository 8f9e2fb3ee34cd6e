"""What a failed attempt means: whether to try again, and how patiently."""

import smtplib
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from anymail.exceptions import AnymailInvalidAddress, AnymailRecipientsRefused, AnymailRequestsAPIError
from django.conf import settings


@dataclass(frozen=True)
class Failure:
    """A kind of failure; the pause between attempts doubles from the first to the longest."""

    first_pause: timedelta = timedelta(0)
    longest_pause: timedelta = timedelta(0)
    is_permanent: bool = False

    def pause_after(self, attempt_count: int) -> timedelta:
        """Return how long to wait after this many attempts."""
        doubled = self.first_pause * 2 ** min(max(attempt_count - 1, 0), 16)
        return min(doubled, self.longest_pause)


FIRST_PAUSE = timedelta(seconds=settings.OUTBOX_FIRST_PAUSE_SECONDS)
# Nobody answers: the mail server is often back within a minute.
UNREACHABLE = Failure(FIRST_PAUSE, timedelta(hours=1))
# "Not now" (RFC 5321, reply codes 4yz): greylisting and full mailboxes want minutes to hours.
PUT_OFF = Failure(10 * FIRST_PAUSE, timedelta(hours=2))
# The worker died or was cut off while it sent. It may be this mail that kills it, so the pauses grow.
UNREPORTED = Failure(FIRST_PAUSE, timedelta(hours=1))
# The log-in, the sender or our own attachment is refused: a person has to mend something.
OUR_FAULT = Failure(20 * FIRST_PAUSE, timedelta(hours=1))
# This recipient or this content is refused for good (RFC 5321, reply codes 5yz).
PERMANENT = Failure(is_permanent=True)

# After this time nobody waits for the mail any more; RFC 5321, 4.5.4.1 asks for four to five days.
MAX_RETRY_TIME = timedelta(days=4)
# A mail that lay still for days, because no worker ran, has not been tried for days.
MIN_ATTEMPTS = 5


def failure_of(error: Exception) -> Failure:
    """Return the kind of failure that an attempt ended with."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
        return PERMANENT if codes and all(_is_final(code) for code in codes) else PUT_OFF
    if isinstance(error, smtplib.SMTPDataError):
        return PERMANENT if _is_final(error.smtp_code) else PUT_OFF
    if isinstance(error, smtplib.SMTPResponseException):
        # The log-in, the greeting or the sender: not this mail's own fault.
        return OUR_FAULT if _is_final(error.smtp_code) else PUT_OFF
    if isinstance(error, AnymailRecipientsRefused | AnymailInvalidAddress):
        return PERMANENT
    if isinstance(error, AnymailRequestsAPIError):
        return _failure_of_service(getattr(error, "status_code", None))
    if isinstance(error, OSError):
        return UNREACHABLE
    return OUR_FAULT


def reply_code(error: Exception) -> int | None:
    """Return the mail server's or the service's own number for it, if it gave one."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((code for code, _words in error.recipients.values()), None)
    return getattr(error, "smtp_code", None) or getattr(error, "status_code", None)


def _is_final(code: int) -> bool:
    return 500 <= code < 600


def _failure_of_service(status: int | None) -> Failure:
    """Return what an e-mail service's HTTP status means: it is busy or broken, or refuses what we ask."""
    if status is None:
        return UNREACHABLE
    busy = status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return PUT_OFF if busy else OUR_FAULT
