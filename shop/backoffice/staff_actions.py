"""How staff change something: every button and form of the desks goes this one way.

First the permission, then the form, then the change, then a message, then back to the row's screen. The
change itself is a function of the room that owns the row: it locks the row and looks again, because the
screen may be old by then, and raises a refusal that staff can read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.views.generic import View
from django.views.generic.base import ContextMixin, TemplateResponseMixin
from django.views.generic.detail import SingleObjectMixin
from wagtail.admin import messages
from wagtail.admin.views import generic

from cms.users.models import User


@dataclass(frozen=True)
class Outcome:
    """What came of an action: the message, and where it leads if not back to the row."""

    message: str | Promise
    show: Callable[[HttpRequest, str | Promise], Any] = messages.success
    url: str = ""


def staff_user(request: HttpRequest, permission: str = "") -> User:
    """Return who is logged in. Raise PermissionDenied where they do not have the permission."""
    if not isinstance(request.user, User) or (permission and not request.user.has_perm(permission)):
        raise PermissionDenied
    return request.user


class StaffActionMixin(TemplateResponseMixin, ContextMixin):
    """A view that changes a row when somebody with the permission posts to it."""

    action_permission: str  # such as "orders.change_order"; a view without one lets nobody in
    refusals: tuple[type[Exception], ...] = ()  # nothing was changed, and their text says why
    form_class: type[forms.BaseForm] | None = None
    form_context_name = "form"
    inspect_url_name = ""

    request: HttpRequest
    template_name: str
    object: Any

    def perform(self, user: User, form: Any) -> Outcome:
        """Change the row; `form` is valid, or None without a form class. Raise one of the refusals."""
        raise NotImplementedError

    def get_action_form(self, data: Any = None) -> Any:
        """Return the action's form, bound to the data if there are any; None without one."""
        return self.form_class(data) if self.form_class else None

    def get_return_url(self) -> str:
        """Return the address that an action leads back to."""
        return reverse(self.inspect_url_name, args=[self.object.pk])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = staff_user(request, self.action_permission)
        form = self.get_action_form(request.POST)
        if form is not None and not form.is_valid():
            return self.form_invalid(form)
        try:
            outcome = self.perform(user, form)
        except self.refusals as refusal:
            outcome = Outcome(str(refusal), messages.error)
        return self.finish(outcome)

    def form_invalid(self, form: Any) -> HttpResponseBase:
        """Show the page again, with what was typed and what is wrong with it."""
        context = self.get_context_data(**{self.form_context_name: form})
        return self.render_to_response(context, status=422)

    def finish(self, outcome: Outcome) -> HttpResponse:
        """Say what came of it, and lead back."""
        outcome.show(self.request, outcome.message)
        return redirect(outcome.url or self.get_return_url())


class ButtonView(StaffActionMixin, SingleObjectMixin, View):
    """An action without a page of its own: a button, or a small form, on the screen of the row."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        staff_user(request, self.action_permission)  # before anybody learns which rows there are
        self.object = self.get_object()
        return super().post(request, *args, **kwargs)


class ActionPageView(StaffActionMixin, generic.InspectView):
    """An action with a page of its own, for those who may do it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        staff_user(request, self.action_permission)
        return super().dispatch(request, *args, **kwargs)


class ConfirmView(ActionPageView):
    """A page that asks once more before something is done that nobody can undo; it needs no script."""

    template_name = "backoffice/confirm.html"
    confirm_label: str | Promise = ""
    cancel_label: str | Promise = ""

    @property
    def confirmation_message(self) -> str:
        """What will be so afterwards, in a sentence or two."""
        raise NotImplementedError

    @property
    def refusal(self) -> str:
        """Why there is nothing to ask; empty when there is."""
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "confirmation_message": self.confirmation_message,
            "confirm_label": self.confirm_label,
            "cancel_label": self.cancel_label,
            "return_url": self.get_return_url(),
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.refusal:
            return self.finish(Outcome(self.refusal, messages.error))
        return super().get(request, *args, **kwargs)
