"""What staff can do about an order's personal data: hand it out, and erase it."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.views import generic

from cms.typed.fields import CodeField
from cms.users.models import User
from shop.orders import timeline
from shop.orders.models import Actor, Order
from shop.orders.timeline import TimelineKind
from shop.privacy.erasure import ErasureCause, ErasureRefused, erase_order
from shop.privacy.export import as_json, export_person

VIEW_ORDER = "orders.view_order"
ERASE_ORDER = "orders.erase_order"
ERASE_AGAIN = _("Erase what was added since")


class ErasureForm(forms.Form):
    """Two things that nobody gets right by a slip of the hand: the order's code, and why."""

    code = CodeField(
        label=_("Order code"),
        help_text=_("Type the code of this order."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    cause = forms.ChoiceField(
        label=_("Reason"), choices=[("", "–"), *ErasureCause.choices], widget=forms.Select
    )

    def __init__(self, *args, order: Order, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        if order.erased_at:
            del self.fields["cause"]  # the timeline says it once, for the first time

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if code != self.order.code:
            raise forms.ValidationError(_("This is not the code of this order."))
        return code


def privacy_panel(order: Order, user: User) -> dict:
    """What the order's screen offers this person."""
    return {
        "erased_at": order.erased_at,
        "may_export": user.has_perm(VIEW_ORDER) and order.erased_at is None,
        "may_erase": user.has_perm(ERASE_ORDER),
    }


@require_POST
def export_buyer(request: HttpRequest, pk: int) -> HttpResponse:
    """A file with everything held under the order's e-mail address; the timeline says who took it."""
    user = _allowed(request, VIEW_ORDER)
    order = get_object_or_404(Order, pk=pk, erased_at=None)
    timeline.record(order, TimelineKind.EXPORTED, Actor.STAFF, user=user)
    response = HttpResponse(as_json(export_person(order.email)), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="data-{order.code}.json"'
    response.headers["Cache-Control"] = "no-store, private"
    return response


class OrderEraseView(generic.InspectView):
    """Asks once more, for the order's code and a reason, and then erases; again what was added since."""

    def get_page_title(self) -> str:
        return str(ERASE_AGAIN if self.object.erased_at else _("Erase personal data"))

    def get_context_data(self, **kwargs):
        _allowed(self.request, ERASE_ORDER)
        return {
            **super().get_context_data(**kwargs),
            "order": self.object,
            "form": kwargs.get("form") or ErasureForm(order=self.object),
        }

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = _allowed(request, ERASE_ORDER)
        form = ErasureForm(request.POST, order=self.object)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            cause = form.cleaned_data.get("cause", ErasureCause.REQUEST)
            is_first = erase_order(self.object.pk, user=user, cause=cause)
        except ErasureRefused as refusal:
            messages.error(request, str(refusal))
        else:
            words = _("The personal data of order %(code)s are erased.")
            again = _("What was added to order %(code)s is erased too.")
            messages.success(request, (words if is_first else again) % {"code": self.object.code})
        return redirect(reverse("orders:inspect", args=[self.object.pk]))


def _allowed(request: HttpRequest, permission: str) -> User:
    if not isinstance(request.user, User) or not request.user.has_perm(permission):
        raise PermissionDenied
    return request.user
