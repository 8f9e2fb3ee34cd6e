"""Which attempts to enter a password are counted, and under what. The numbers are in settings.LIMITS.

An attempt is counted before anything is hashed, because a hash is what costs; a right one is taken back.
"""

from django.http import HttpRequest

from cms.limits.client_address import client_address
from cms.limits.counting import count, hit, is_counted, uncount
from cms.typed.text import clean_identity, email_key

KNOWN = "login.known"
Attempts = list[tuple[str, str]]


def count_log_in(request: HttpRequest, username: str) -> Attempts:
    """Count one log-in, of an account that exists or not, and return what was counted. Raise LimitReached.

    Strict for one account at one address. Somebody who never logged in from there is also counted by address
    and by account, wherever the attempts come from. Who did is not: else strangers could lock staff out.
    """
    account, address = _account(username), client_address(request)
    attempts = [("login.account_at_address", _pair(account, address))]
    if not is_counted(KNOWN, _pair(account, address)):
        attempts += [("login.address", address), ("login.account", account)]
    count(*attempts)
    return attempts


def remember_log_in(request: HttpRequest, username: str, attempts: Attempts) -> None:
    """Take back the attempts of a right password, and remember that the account is known at this address."""
    uncount(*attempts)
    hit(KNOWN, _pair(_account(username), client_address(request)))


def count_old_password(user_id: int) -> Attempts:
    """Count one old password of somebody logged in and return what was counted. Raise LimitReached."""
    attempts = [("password.account", str(user_id))]
    count(*attempts)
    return attempts


def count_shared_password(request: HttpRequest) -> Attempts:
    """Count one password for restricted pages or files and return what was counted. Raise LimitReached."""
    attempts = [("restriction.address", client_address(request))]
    count(*attempts)
    return attempts


def count_reset(request: HttpRequest, email: str) -> None:
    """Count one request for a password reset, whether or not there is such an account. Raise LimitReached."""
    count(("reset.address", client_address(request)), ("reset.email", email_key(email)))


def _pair(account: str, address: str) -> str:
    return f"{account} {address}"


def _account(username: str) -> str:
    return clean_identity(username).casefold()
