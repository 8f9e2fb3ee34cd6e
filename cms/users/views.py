"""Wagtail's and Django's log-in and password views with a limit: 429 after too many attempts."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views import account
from wagtail.documents.views import serve as documents
from wagtail.urls import WAGTAIL_FRONTEND_LOGIN_TEMPLATE
from wagtail.views import authenticate_with_password as page_password

from cms.limits.counting import LimitReached, uncount
from cms.limits.responses import when_to_try_again, with_retry_after
from cms.users.forms import CountedLogIn, PasswordChangeForm
from cms.users.throttling import count_shared_password

View = Callable[..., HttpResponseBase]


def respond_too_many_requests(view: View) -> View:
    """Return the view, whose response is 429 once one of its forms was refused for too many attempts."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if reached := getattr(request, "limit_reached", None):
            response.status_code = 429
            with_retry_after(response, reached)
        return response

    return wrapped


def limit_shared_password(view: View) -> View:
    """Return Wagtail's view of a password that readers share, with a limit for each network address."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            attempts = count_shared_password(request)
        except LimitReached as reached:
            context = {"title": _("Please wait a little"), "when": when_to_try_again(reached)}
            return with_retry_after(render(request, "429.html", context, status=429), reached)
        response = view(request, *args, **kwargs)
        if response.status_code == 302:  # Only a right password leads on.
            uncount(*attempts)
        return response

    return wrapped


class PasswordResetView(account.PasswordResetView):
    """Wagtail's, which passes the request to its form."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}


class PasswordPanel(account.ChangePasswordPanel):
    """The part of the account's page that asks for the old password, once for each request.

    Wagtail makes the form again to show what was wrong with it, which would hash and count twice.
    """

    form_class = PasswordChangeForm

    def get_form(self) -> PasswordChangeForm:
        if not hasattr(self.request, "password_form"):
            form = self.request.password_form = super().get_form()
            form.request = self.request
            form.full_clean()  # now, because Wagtail stops at the first form that is wrong
        return self.request.password_form


class AccountView(account.AccountView):
    """Wagtail's page of one's own account."""

    def get_panels(self) -> list[account.BaseSettingsPanel]:
        return [
            PasswordPanel(panel.request, panel.user, panel.profile)
            if type(panel) is account.ChangePasswordPanel
            else panel
            for panel in super().get_panels()
        ]


log_in = respond_too_many_requests(account.LoginView.as_view())
reset_password = respond_too_many_requests(PasswordResetView.as_view())
own_account = respond_too_many_requests(require_admin_access(AccountView.as_view()))
reader_log_in = respond_too_many_requests(
    auth_views.LoginView.as_view(
        template_name=WAGTAIL_FRONTEND_LOGIN_TEMPLATE, authentication_form=CountedLogIn
    )
)
open_page = limit_shared_password(page_password)
open_collection = limit_shared_password(documents.authenticate_with_password)
