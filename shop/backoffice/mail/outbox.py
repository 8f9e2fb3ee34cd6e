"""Each mail as it was sent, its state and attempts."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views import generic

from cms.typed.text import clean_code
from shop.backoffice.filters import IdentityIndexView
from shop.backoffice.orders.forms import ResendForm
from shop.backoffice.orders.views import staff_user
from shop.mail import outbox
from shop.mail.models import MailState, OutboxMail
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
        """Also by an order's code with dashes or spaces in it."""
        found = super().search_queryset(queryset)
        if not self.is_searching:
            return found
        return found | queryset.filter(
            reference=build_reference(ReferenceKind.ORDER, clean_code(self.search_query))
        )


class MailInspectView(generic.InspectView):
    page_title = _("Mail")
    template_name = "backoffice/mail.html"

    def get_object(self, queryset=None) -> OutboxMail:
        return get_object_or_404(
            OutboxMail.objects.select_related("resent_by", "cancelled_by").prefetch_related("attempts"),
            pk=self.pk,
        )

    def get_page_subtitle(self) -> str:
        return self.object.subject

    def get_context_data(self, **kwargs):
        mail = self.object
        may_act = self.request.user.has_perm("mail.change_outboxmail")
        return {
            **super().get_context_data(**kwargs),
            "mail": mail,
            "order": Order.objects.filter(code=parse_reference(mail.reference).name).first(),
            "may_resend": may_act and bool(mail.recipient and mail.text_body),  # else it was erased
            "resend_form": kwargs.get("resend_form") or ResendForm(initial={"recipient": mail.recipient}),
            "may_cancel": may_act and mail.state == MailState.QUEUED,
        }


class MailResendView(MailInspectView):
    """Queues the same mail once more; a mistyped address shows the mail again with what was typed."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm("mail.change_outboxmail"):
            raise PermissionDenied
        mail = self.object
        form = ResendForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(resend_form=form), status=422)
        to, key = form.cleaned_data["recipient"], form.cleaned_data["key"]
        try:
            copy = outbox.resend(mail, staff_user(request), to, key=key)
        except outbox.ResendRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(reverse("outbox:inspect", args=[mail.pk]))
        messages.success(
            request, _("The mail is queued once more for %(recipient)s.") % {"recipient": copy.recipient}
        )
        return redirect(reverse("outbox:inspect", args=[copy.pk]))


@require_GET
@xframe_options_sameorigin
def mail_body(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML part as the customer sees it, for the sandboxed frame on the mail's screen."""
    if not request.user.has_perm("mail.view_outboxmail"):
        raise PermissionDenied
    response = HttpResponse(get_object_or_404(OutboxMail, pk=pk).html_body)
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response


@require_POST
def cancel_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a queued mail out of the queue."""
    if not request.user.has_perm("mail.change_outboxmail"):
        raise PermissionDenied
    if outbox.cancel(get_object_or_404(OutboxMail, pk=pk), staff_user(request)):
        messages.success(request, _("The mail is cancelled."))
    else:
        messages.error(request, _("It is too late: the mail is not queued any more."))
    return redirect(reverse("outbox:inspect", args=[pk]))
