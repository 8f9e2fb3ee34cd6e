"""What staff can do about an order's personal data: hand it out, and erase it."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from cms.users.models import User
from shop.backoffice.orders.forms import ErasureForm
from shop.backoffice.permissions import ERASE_ORDER, VIEW_ORDER
from shop.backoffice.staff_actions import ActionPageView, Outcome, staff_user
from shop.orders import timeline
from shop.orders.models import Actor, Order
from shop.orders.timeline import TimelineKind
from shop.privacy.erasure import ErasureCause, ErasureRefused, erase_order
from shop.privacy.export import as_json, export_person


def privacy_panel(order: Order, user: User) -> dict:
    """Return what the order's screen offers this person."""
    return {
        "erased_at": order.erased_at,
        "may_export": user.has_perm(VIEW_ORDER) and order.erased_at is None,
        "may_erase": user.has_perm(ERASE_ORDER),
    }


@require_POST
@permission_required(VIEW_ORDER, raise_exception=True)
def export_personal_data(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a file with all that is held under the order's e-mail address; the timeline says who took it."""
    order = get_object_or_404(Order, pk=pk, erased_at=None)
    timeline.record(order, TimelineKind.EXPORTED, Actor.STAFF, user=staff_user(request))
    response = HttpResponse(as_json(export_person(order.email)), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="data-{order.code}.json"'
    response.headers["Cache-Control"] = "no-store, private"
    return response


class OrderEraseView(ActionPageView):
    """Asks once more, for the order's code and a reason, and then erases; again what was added since."""

    template_name = "backoffice/orders/erase.html"
    action_permission = ERASE_ORDER
    refusals = (ErasureRefused,)

    def get_page_title(self) -> str:
        return str(_("Erase what was added since") if self.object.erased_at else _("Erase personal data"))

    def get_action_form(self, data: Any = None) -> ErasureForm:
        return ErasureForm(data, order=self.object)

    def get_context_data(self, **kwargs):
        return {
            **super().get_context_data(**kwargs),
            "order": self.object,
            "form": kwargs.get("form") or self.get_action_form(),
        }

    def perform(self, user: User, form: ErasureForm) -> Outcome:
        cause = form.cleaned_data.get("cause", ErasureCause.REQUEST)
        is_first = erase_order(self.object.pk, user=user, cause=cause)
        message = _("The personal data of order %(code)s are erased.")
        again = _("What was added to order %(code)s is erased too.")
        return Outcome((message if is_first else again) % {"code": self.object.code})
