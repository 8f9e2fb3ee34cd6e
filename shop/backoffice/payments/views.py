"""What Stripe told the shop, and what came of it."""

import json
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views import generic

from cms.users.models import User
from shop.backoffice.permissions import CHANGE_EVENT
from shop.backoffice.staff_actions import ButtonView, Outcome
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
    template_name = "backoffice/payments/inspect.html"

    def get_context_data(self, **kwargs):
        may_act = self.request.user.has_perm(CHANGE_EVENT)
        return {
            **super().get_context_data(**kwargs),
            "event": self.object,
            "payload": json.dumps(self.object.payload, indent=2, sort_keys=True),
            "may_retry": may_act and self.object.state in NEEDS_A_PERSON,
        }


class EventRetryView(ButtonView):
    """Handles a failed or set-aside event once more."""

    action_permission = CHANGE_EVENT
    queryset = WebhookEvent.objects.filter(state__in=NEEDS_A_PERSON)

    def perform(self, user: User, form: Any) -> Outcome:
        event = self.object
        inbox.handle(event.pk)
        event.refresh_from_db()
        if event.state in NEEDS_A_PERSON:
            message = _("It could still not be handled: %(reason)s") % {"reason": event.reason}
            return Outcome(message, messages.error)
        return Outcome(_("The event is handled."))
