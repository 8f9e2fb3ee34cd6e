"""What Stripe told the shop, and what came of it."""

import json

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views import generic

from shop.payments import inbox
from shop.payments.models import EventState, WebhookEvent

EVENT_COLUMNS = [
    "kind",
    StatusTagColumn(
        "get_state_display",
        label=_("State"),
        sort_key="state",
        primary=lambda event: event.state == EventState.HANDLED,
    ),
    Column("object_id", label=_("Object"), classname="order-code"),
    Column("reason", label=_("Reason"), classname="order-words"),
    DateColumn("received_at", label=_("Received"), sort_key="received_at"),
]
NEEDS_A_PERSON = (EventState.FAILED, EventState.SET_ASIDE)


class EventInspectView(generic.InspectView):
    page_title = _("Stripe event")
    template_name = "backoffice/event.html"

    def get_context_data(self, **kwargs):
        may_act = self.request.user.has_perm("payments.change_webhookevent")
        return {
            **super().get_context_data(**kwargs),
            "event": self.object,
            "payload": json.dumps(self.object.payload, indent=2, sort_keys=True),
            "may_retry": may_act and self.object.state in NEEDS_A_PERSON,
        }


@require_POST
def retry_event(request: HttpRequest, pk: int) -> HttpResponse:
    """Handles a failed or set-aside event once more."""
    if not request.user.has_perm("payments.change_webhookevent"):
        raise PermissionDenied
    event = get_object_or_404(WebhookEvent, pk=pk, state__in=NEEDS_A_PERSON)
    inbox.handle(event.pk)
    event.refresh_from_db()
    if event.state in NEEDS_A_PERSON:
        messages.error(request, _("It could still not be handled: %(reason)s") % {"reason": event.reason})
    else:
        messages.success(request, _("The event is handled."))
    return redirect(reverse("payment-events:inspect", args=[pk]))
