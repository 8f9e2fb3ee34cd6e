"""Asks once more before something is done that nobody can undo: a page of its own, so no script is needed."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from wagtail.admin import messages
from wagtail.admin.views import generic

from cms.users.models import User


class OrderConfirmView(generic.InspectView):
    """A GET asks, a POST does it and leads back to the order. A view says what, and who may."""

    permission = ""
    yes: str | Promise = ""
    no: str | Promise = ""

    def consequence(self) -> str:
        """What will be so afterwards, in a sentence or two."""
        raise NotImplementedError

    def refusal(self) -> str | Promise:
        """Why there is nothing to ask; empty when there is."""
        return ""

    def act(self, user: User) -> None:
        """Does it, and says in a message what came of it."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return {
            **super().get_context_data(**kwargs),
            "order": self.object,
            "consequence": self.consequence(),
            "yes": self.yes,
            "no": self.no,
        }

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if refusal := self.refusal():
            messages.error(request, refusal)
            return self._back()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not isinstance(request.user, User):
            raise PermissionDenied
        self.act(request.user)
        return self._back()

    def _back(self) -> HttpResponse:
        return redirect(reverse("orders:inspect", args=[self.object.pk]))
