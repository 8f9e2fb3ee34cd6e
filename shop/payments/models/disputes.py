"""A payer's complaint to the bank, as Stripe knows it."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.core.money import format_money
from shop.payments.models.payments import Cause


class DisputeState(models.TextChoices):
    """Stripe's own statuses, https://docs.stripe.com/api/disputes/object#dispute_object-status."""

    WARNING_NEEDS_RESPONSE = "warning_needs_response", _("Inquiry, needs an answer")
    WARNING_UNDER_REVIEW = "warning_under_review", _("Inquiry, under review")
    WARNING_CLOSED = "warning_closed", _("Inquiry, closed")
    NEEDS_RESPONSE = "needs_response", _("Needs an answer")
    UNDER_REVIEW = "under_review", _("Under review")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
    PREVENTED = "prevented", _("Prevented")
    APPEAL_NEEDS_RESPONSE = "appeal_needs_response", _("Appeal, needs an answer")
    APPEAL_UNDER_REVIEW = "appeal_under_review", _("Appeal, under review")


CLOSED = frozenset({DisputeState.WARNING_CLOSED, DisputeState.WON, DisputeState.LOST, DisputeState.PREVENTED})
# The bank asks and has not taken the money.
INQUIRY = frozenset(
    {DisputeState.WARNING_NEEDS_RESPONSE, DisputeState.WARNING_UNDER_REVIEW, DisputeState.WARNING_CLOSED}
)
UNANSWERED = frozenset(
    {
        DisputeState.WARNING_NEEDS_RESPONSE,
        DisputeState.NEEDS_RESPONSE,
        DisputeState.APPEAL_NEEDS_RESPONSE,
    }
)
APPEAL = frozenset({DisputeState.APPEAL_NEEDS_RESPONSE, DisputeState.APPEAL_UNDER_REVIEW})
# How far a dispute has come, so that a late answer cannot take it back. An inquiry may become a chargeback, a
# decision may be appealed against, and an appeal ends in a decision again.
STAGES: dict[str, int] = {
    DisputeState.WARNING_NEEDS_RESPONSE: 0,
    DisputeState.WARNING_UNDER_REVIEW: 0,
    DisputeState.WARNING_CLOSED: 1,
    DisputeState.NEEDS_RESPONSE: 2,
    DisputeState.UNDER_REVIEW: 2,
    DisputeState.WON: 3,
    DisputeState.LOST: 3,
    DisputeState.PREVENTED: 3,
    DisputeState.APPEAL_NEEDS_RESPONSE: 4,
    DisputeState.APPEAL_UNDER_REVIEW: 4,
}
REASONS = {
    "bank_cannot_process": _("the bank cannot process it"),
    "check_returned": _("a check was returned"),
    "credit_not_processed": _("a refund did not arrive"),
    "customer_initiated": _("the customer asked the bank"),
    "debit_not_authorized": _("the debit was not authorised"),
    "duplicate": _("paid twice"),
    "fraudulent": _("the card's owner says that it was fraud"),
    "general": _("no special reason"),
    "incorrect_account_details": _("wrong account details"),
    "insufficient_funds": _("not enough money in the account"),
    "noncompliant": _("against the card network's rules"),
    "product_not_received": _("nothing was received"),
    "product_unacceptable": _("what was received is not as described"),
    "subscription_canceled": _("a subscription was cancelled"),
    "unrecognized": _("the payment was not recognised"),
}


class DisputeQuerySet(models.QuerySet):
    def undecided(self):
        """Return disputes that the bank has not closed."""
        return self.exclude(state__in=CLOSED)

    def not_reinstated(self, since: datetime):
        """Return disputes that were won since then and whose money is not seen to have come back."""
        return self.filter(state=DisputeState.WON, is_withdrawn=True, closed_at__gte=since)


class Dispute(models.Model):
    """One dispute at Stripe. Only shop.payments.settling.disputes writes it."""

    provider_id = models.CharField(_("dispute"), max_length=100, unique=True)
    payment = models.ForeignKey(
        "payments.Payment",
        verbose_name=_("payment"),
        null=True,  # the shop knows no payment that it is about
        blank=True,
        on_delete=models.PROTECT,
        related_name="disputes",
    )
    payment_intent_id = models.CharField(_("Payment Intent"), max_length=100, blank=True)
    amount = models.PositiveBigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    # The choices are not enforced: Stripe may add a status, and its dispute must not get lost.
    state = models.CharField(_("state"), max_length=40, choices=DisputeState, db_index=True)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    due_at = models.DateTimeField(_("answer due"), null=True, blank=True)
    is_withdrawn = models.BooleanField(_("money withdrawn"), default=False)
    # Stripe's is_charge_refundable: what it allows is asked of it and not worked out from the state.
    is_refundable = models.BooleanField(_("refund possible"), default=False)
    opened_at = models.DateTimeField(_("opened"))  # by Stripe's clock
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    noticed_by = models.CharField(_("noticed by"), max_length=20, choices=Cause, blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "pk"]
        verbose_name = _("dispute")

    def __str__(self) -> str:
        return f"{self.provider_id} {self.state}"

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED

    @property
    def is_inquiry(self) -> bool:
        return self.state in INQUIRY

    @property
    def occasion(self) -> str:
        """Return the occasion of its hold; an inquiry that becomes a chargeback gets a new one."""
        return f"{self.provider_id}-inquiry" if self.is_inquiry else self.provider_id

    @property
    def appeal_occasion(self) -> str:
        """Return the occasion of an appeal's case and mail; its hold is the dispute's."""
        return f"{self.provider_id}-appeal"

    @property
    def case_occasion(self) -> str:
        """Return the occasion of the case and mail of its present state."""
        return self.appeal_occasion if self.state in APPEAL else self.occasion

    @property
    def amount_text(self) -> str:
        return format_money(self.amount, self.currency)

    @property
    def reason_text(self) -> str:
        """Return why the payer complains, in words."""
        return str(REASONS.get(self.reason, self.reason.replace("_", " ")))

    def days_left(self, now: datetime) -> int | None:
        """Return whole days until an answer is due, below zero afterwards; None when none is due."""
        if self.due_at is None or self.state not in UNANSWERED:
            return None
        return (self.due_at - now).days
