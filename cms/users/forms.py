"""The forms that ask for a password, each counted before anything is hashed."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import auth

from cms.background import nudge
from cms.limits.counting import LimitReached, uncount
from cms.limits.responses import when_to_try_again
from cms.typed.fields import EmailField
from cms.users.models import ResetRequest
from cms.users.tasks import send_password_reset
from cms.users.throttling import count_log_in, count_old_password, count_reset, remember_log_in


class CountedLogIn(AuthenticationForm):
    """Django's form, which hashes for an unknown account too: nothing tells who has one."""

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data as Django does; too many attempts are refused whatever the password is."""
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not username or not password:
            return self.cleaned_data
        assert self.request is not None  # noqa: S101 - both views pass it
        try:
            attempts = count_log_in(self.request, username)
        except LimitReached as reached:
            raise refusal(self.request, reached) from reached
        cleaned = super().clean()
        remember_log_in(self.request, username, attempts)
        return cleaned


class LoginForm(CountedLogIn, auth.LoginForm):
    """The admin's."""


class PasswordResetForm(auth.PasswordResetForm):
    """Asks for a link, however the address is typed.

    A worker sends it, so that the answer takes as long for an address that nobody has.
    """

    email = EmailField(label=gettext_lazy("Enter your email address to reset your password"), max_length=254)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any] | None:
        """Refuse too many requests, for one e-mail address or from one network address."""
        if email := self.cleaned_data.get("email"):
            try:
                count_reset(self.request, email)
            except LimitReached as reached:
                raise refusal(self.request, reached) from reached
        return super().clean()

    def save(self, **_options: Any) -> None:
        """Store the accounts with this address for a worker, even when there are none."""
        ids = [user.pk for user in self.get_users(self.cleaned_data["email"])]
        reset_request = ResetRequest.objects.create(user_ids=ids)
        nudge(send_password_reset, reset_request.pk)


class PasswordChangeForm(auth.PasswordChangeForm):
    """Asks somebody who is logged in for the old password: it may be another person at their machine."""

    request: HttpRequest

    def clean_old_password(self) -> str:
        """Return the password as Django does; too many attempts are refused."""
        try:
            attempts = count_old_password(self.user.pk)
        except LimitReached as reached:
            raise refusal(self.request, reached) from reached
        password = super().clean_old_password()
        uncount(*attempts)
        return password


def refusal(request: HttpRequest, reached: LimitReached) -> forms.ValidationError:
    """Return the form's error, and note it for the view, which responds with 429."""
    request.limit_reached = reached  # type: ignore[attr-defined]  # the view reads it
    message = _("There were too many tries in a short time. %(when)s") % {"when": when_to_try_again(reached)}
    return forms.ValidationError(message, code="too_many")
