"""Disputes and fraud warnings on an order's screen, and the button that lets an order go."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from cms.users.models import User
from shop.backoffice.orders.forms import ReleaseForm
from shop.backoffice.permissions import CHANGE_DISPUTE, VIEW_DISPUTE
from shop.backoffice.staff_actions import ButtonView, Outcome
from shop.orders.models import Hold, HoldKind, Order
from shop.payments.gateway import dashboard_url
from shop.payments.hold_release import ReleaseRefused, may_be_released, release_by_staff
from shop.payments.models.disputes import Dispute, DisputeState


@dataclass(frozen=True)
class HoldRow:
    """A hold that stands, with the form that releases it where this person may."""

    hold: Hold
    help_text: str
    form: ReleaseForm | None


@dataclass(frozen=True)
class DisputeRow:
    """A dispute with how much time is left for the answer."""

    dispute: Dispute
    deadline: str
    funds: str


@dataclass(frozen=True)
class DisputePanel:
    """What stops an order, and the disputes about its payments."""

    holds: list[HoldRow] = field(default_factory=list)
    disputes: list[DisputeRow] = field(default_factory=list)
    url: str = ""  # where evidence is given


def dispute_panel(order: Order, user: User) -> DisputePanel:
    """Return the standing holds for everybody who sees the order; disputes for those who may see them."""
    disputes = Dispute.objects.none()
    if user.has_perm(VIEW_DISPUTE):
        disputes = Dispute.objects.filter(payment__order=order)
    may_release = user.has_perm(CHANGE_DISPUTE)
    now = timezone.now()
    return DisputePanel(
        holds=[_hold_row(hold, may_release) for hold in order.holds.standing()],
        disputes=[
            DisputeRow(dispute, _deadline_display(dispute, now), _funds_display(dispute))
            for dispute in disputes
        ],
        url=dashboard_url("disputes"),
    )


def _hold_row(hold: Hold, may_release: bool) -> HoldRow:
    if not may_be_released(hold):
        return HoldRow(hold, _hold_help_text(hold), None)
    form = ReleaseForm(auto_id=f"release-{hold.pk}-%s") if may_release else None
    return HoldRow(hold, gettext("Somebody must look at it before it may leave."), form)


def _hold_help_text(hold: Hold) -> str:
    if hold.kind == HoldKind.REFUNDED:
        return gettext("All of the money was given back. It may leave again if that fails.")
    if Dispute.objects.filter(provider_id=hold.occasion, state=DisputeState.LOST).exists():
        return gettext("The dispute was lost and the money is gone, so the order stays here.")
    return gettext("It may leave when the dispute is won; that is noticed by itself.")


def _deadline_display(dispute: Dispute, now: datetime) -> str:
    """Return how long an answer is possible; empty when none is due."""
    days = dispute.days_left(now)
    if days is None:
        return ""
    if days < 0:
        return gettext("the time is over")
    if days == 0:
        return gettext("less than a day left")
    return ngettext("%d day left", "%d days left", days) % days


def _funds_display(dispute: Dispute) -> str:
    return gettext("taken back by the bank") if dispute.is_withdrawn else gettext("with the shop")


class ReleaseView(ButtonView):
    """Lets an order go that somebody has looked at."""

    action_permission = CHANGE_DISPUTE
    refusals = (ReleaseRefused,)
    form_class = ReleaseForm

    def get_queryset(self) -> QuerySet[Order]:
        return Order.objects.filter(holds=self.kwargs["hold_pk"])

    def form_invalid(self, form: ReleaseForm) -> HttpResponseBase:
        message = _("Please say in up to 1000 letters why the order may leave.")
        return self.finish(Outcome(message, messages.error))

    def perform(self, user: User, form: ReleaseForm) -> Outcome:
        release_by_staff(self.kwargs["hold_pk"], user=user, reason=form.cleaned_data["reason"])
        return Outcome(_("The order is no longer held back for this reason."))
