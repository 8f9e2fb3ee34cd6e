"""Each mail as it was sent, its state and attempts."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views import generic

from cms.typed.text import clean_code
from cms.users.models import User
from shop.backoffice.generic import IdentityIndexView
from shop.backoffice.mail.forms import ResendForm
from shop.backoffice.permissions import CHANGE_MAIL, VIEW_MAIL
from shop.backoffice.staff_actions import ButtonView, Outcome, StaffActionMixin
from shop.mail import outbox
from shop.mail.models import MailAttempt, MailState, OutboxMail
from shop.orders.models import Order
from shop.references import ReferenceKind, build_reference, parse_reference

MAIL_COLUMNS = [
    "subject",
    Column("recipient", label=_("Recipient"), sort_key="recipient"),
    StatusTagColumn(
        "get_state_display",
        label=_("State"),
        sort_key="state",
        primary=lambda mail: mail.state == MailState.SENT,
    ),
    Column("attempt_count", label=_("Attempts"), sort_key="attempt_count"),
    DateColumn("created_at", label=_("Created"), sort_key="created_at"),
]
# A mail brings its own styles and nothing else: no script, no picture, no frame, no request.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


class MailIndexView(IdentityIndexView):
    def search_queryset(self, queryset: QuerySet[OutboxMail]) -> QuerySet[OutboxMail]:
        """Find also by an order's code with dashes or spaces in it."""
        found = super().search_queryset(queryset)
        if not self.is_searching:
            return found
        return found | queryset.filter(
            reference=build_reference(ReferenceKind.ORDER, clean_code(self.search_query))
        )


class MailInspectView(generic.InspectView):
    page_title = _("Mail")
    template_name = "backoffice/mail/inspect.html"

    def get_object(self, queryset=None) -> OutboxMail:
        return get_object_or_404(
            OutboxMail.objects.select_related("resent_by", "cancelled_by").prefetch_related("attempts"),
            pk=self.pk,
        )

    def get_page_subtitle(self) -> str:
        return self.object.subject

    def get_context_data(self, **kwargs):
        mail = self.object
        may_act = self.request.user.has_perm(CHANGE_MAIL)
        return {
            **super().get_context_data(**kwargs),
            "mail": mail,
            "order": Order.objects.filter(code=parse_reference(mail.reference).name).first(),
            "may_resend": may_act and bool(mail.recipient and mail.text_body),  # else it was erased
            "resend_form": kwargs.get("resend_form") or ResendForm(initial={"recipient": mail.recipient}),
            "attempts": [_attempt_row(attempt) for attempt in mail.attempts.all()],
            "may_cancel": may_act and mail.state == MailState.QUEUED,
        }


def _attempt_row(attempt: MailAttempt) -> dict:
    return {"text": _attempt_display(attempt), "created_at": attempt.started_at}


def _attempt_display(attempt: MailAttempt) -> str:
    """Return what came of an attempt."""
    if attempt.succeeded:
        return gettext("The mail server took it.")
    if attempt.succeeded is None and not attempt.error:
        return gettext("Begun; the worker has not reported back.")
    return attempt.error


class MailResendView(StaffActionMixin, MailInspectView):
    """Queues the same mail once more; a mistyped address shows the mail again with what was typed."""

    action_permission = CHANGE_MAIL
    refusals = (outbox.ResendRefused,)
    form_class = ResendForm
    form_context_name = "resend_form"

    def perform(self, user: User, form: ResendForm) -> Outcome:
        recipient, key = form.cleaned_data["recipient"], form.cleaned_data["key"]
        copy = outbox.resend(self.object, user, recipient, key=key)
        message = _("The mail is queued once more for %(recipient)s.") % {"recipient": copy.recipient}
        return Outcome(message, url=reverse("outbox:inspect", args=[copy.pk]))


class MailCancelView(ButtonView):
    """Takes a queued mail out of the queue."""

    action_permission = CHANGE_MAIL

    def perform(self, user: User, form: Any) -> Outcome:
        if outbox.cancel(self.object, user):
            return Outcome(_("The mail is cancelled."))
        return Outcome(_("It is too late: the mail is not queued any more."), messages.error)


@require_GET
@permission_required(VIEW_MAIL, raise_exception=True)
@xframe_options_sameorigin
def mail_body(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the HTML part as the customer sees it, for the sandboxed frame on the mail's screen."""
    response = HttpResponse(get_object_or_404(OutboxMail, pk=pk).html_body)
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response
