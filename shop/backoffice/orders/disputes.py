"""Disputes and fraud warnings on an order's screen, and the button that lets an order go."""

from dataclasses import dataclass, field
from datetime import datetime

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from cms.users.models import User
from shop.orders.models import Hold, HoldKind, Order
from shop.payments.gateway import dashboard_url
from shop.payments.hold_release import ReleaseRefused, may_be_released, release_by_staff
from shop.payments.models.disputes import Dispute, DisputeState


class ReleaseForm(forms.Form):
    """Why an order may leave all the same."""

    reason = forms.CharField(
        label=_("Why it may leave"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It is kept as a note on the order, with your name."),
    )


@dataclass(frozen=True)
class HoldRow:
    """A hold that stands, with the form that releases it where this person may."""

    hold: Hold
    advice: str
    form: ReleaseForm | None


@dataclass(frozen=True)
class DisputeRow:
    """A dispute with how much time is left for the answer, in words."""

    dispute: Dispute
    deadline: str
    money: str


@dataclass(frozen=True)
class DisputePanel:
    """What stops an order, and the disputes about its payments."""

    holds: list[HoldRow] = field(default_factory=list)
    disputes: list[DisputeRow] = field(default_factory=list)
    url: str = ""  # where evidence is given


def dispute_panel(order: Order, user: User) -> DisputePanel:
    """The order's standing holds for everybody who sees it; its disputes for those who may see disputes."""
    disputes = Dispute.objects.none()
    if user.has_perm("payments.view_dispute"):
        disputes = Dispute.objects.filter(payment__order=order)
    may_release = user.has_perm("payments.change_dispute")
    now = timezone.now()
    return DisputePanel(
        holds=[_hold_row(hold, may_release) for hold in order.holds.standing()],
        disputes=[DisputeRow(dispute, _deadline(dispute, now), _money(dispute)) for dispute in disputes],
        url=dashboard_url("disputes"),
    )


def _hold_row(hold: Hold, may_release: bool) -> HoldRow:
    if not may_be_released(hold):
        return HoldRow(hold, _advice(hold), None)
    form = ReleaseForm(auto_id=f"release-{hold.pk}-%s") if may_release else None
    return HoldRow(hold, gettext("Somebody must look at it before it may leave."), form)


def _advice(hold: Hold) -> str:
    if hold.kind == HoldKind.REFUNDED:
        return gettext("All of the money was given back. It may leave again if that fails.")
    if Dispute.objects.filter(provider_id=hold.occasion, state=DisputeState.LOST).exists():
        return gettext("The dispute was lost and the money is gone, so the order stays here.")
    return gettext("It may leave when the dispute is won; that is noticed by itself.")


def _deadline(dispute: Dispute, now: datetime) -> str:
    """How long an answer is possible; empty when none is due."""
    days = dispute.days_left(now)
    if days is None:
        return ""
    if days < 0:
        return gettext("the time is over")
    if days == 0:
        return gettext("less than a day left")
    return ngettext("%d day left", "%d days left", days) % days


def _money(dispute: Dispute) -> str:
    return gettext("taken back by the bank") if dispute.is_withdrawn else gettext("with the shop")


@require_POST
def release_order(request: HttpRequest, pk: int, hold_pk: int) -> HttpResponse:
    """Lets an order go that somebody has looked at."""
    user = request.user
    if not (isinstance(user, User) and user.has_perm("payments.change_dispute")):
        raise PermissionDenied
    hold = get_object_or_404(Hold, pk=hold_pk, order_id=pk)
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please say in up to 1000 letters why the order may leave."))
    else:
        _release(request, hold, user, form.cleaned_data["reason"])
    return redirect(reverse("orders:inspect", args=[pk]))


def _release(request: HttpRequest, hold: Hold, user: User, reason: str) -> None:
    try:
        release_by_staff(hold.pk, user=user, reason=reason)
    except ReleaseRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The order is no longer held back for this reason."))
