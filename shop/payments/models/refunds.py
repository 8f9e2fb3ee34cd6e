"""Money that goes back to a buyer, as the shop asked for it and as Stripe knows it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.core.money import format_money
from shop.payments.models.payments import Cause


class RefundState(models.TextChoices):
    """Stripe's statuses and one state of ours, https://docs.stripe.com/api/refunds/object#refund_object-status."""

    REQUESTED = "requested", _("Asked for")  # the row and its key exist, Stripe may not know of it yet
    PENDING = "pending", _("On its way")
    REQUIRES_ACTION = "requires_action", _("Waits for the buyer")
    SUCCEEDED = "succeeded", _("Returned")
    FAILED = "failed", _("Failed")
    CANCELLED = "canceled", _("Cancelled")


# The money stays with the shop.
UNDONE = frozenset({RefundState.FAILED, RefundState.CANCELLED})
# How far a refund has come, so that a late answer cannot take it back; even one that succeeded may fail.
STAGES: dict[str, int] = {
    RefundState.REQUESTED: 0,
    RefundState.PENDING: 1,
    RefundState.REQUIRES_ACTION: 1,
    RefundState.SUCCEEDED: 2,
    RefundState.FAILED: 3,
    RefundState.CANCELLED: 3,
}


class RefundOrigin(models.TextChoices):
    STAFF = "staff", _("Staff")
    DASHBOARD = "dashboard", _("Stripe's dashboard")


class RefundQuerySet(models.QuerySet):
    def holding(self):
        """Return refunds whose money is gone or promised, so that nobody may give it back again."""
        return self.exclude(state__in=UNDONE)

    def unfinished(self):
        """Return refunds that Stripe may still decide about, or has not been asked for yet."""
        return self.exclude(state__in=[RefundState.SUCCEEDED, *UNDONE])


class Refund(models.Model):
    """One refund of one payment. Only shop.payments.settling.refunds writes it."""

    payment = models.ForeignKey(
        "payments.Payment", verbose_name=_("payment"), on_delete=models.PROTECT, related_name="refunds"
    )
    idempotency_key = models.UUIDField(unique=True)
    provider_id = models.CharField(_("refund"), max_length=100, unique=True, null=True, blank=True)
    amount = models.PositiveBigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    # The choices are not enforced: Stripe may add a status, and its refund must not get lost.
    state = models.CharField(
        _("state"), max_length=40, choices=RefundState, default=RefundState.REQUESTED, db_index=True
    )
    origin = models.CharField(_("asked for in"), max_length=10, choices=RefundOrigin)
    asked_by = models.ForeignKey(
        "users.User",
        verbose_name=_("asked for by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    reason = models.TextField(_("reason"), blank=True, max_length=500)  # staff's own words
    failure_reason = models.CharField(_("why it failed"), max_length=60, blank=True)  # Stripe's
    noticed_by = models.CharField(_("noticed by"), max_length=20, choices=Cause, blank=True)
    created_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)  # when the latest state was learnt

    objects = RefundQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("refund")

    def __str__(self) -> str:
        return f"{self.payment_id} {self.state}"

    @property
    def is_undone(self) -> bool:
        return self.state in UNDONE

    @property
    def occasion(self) -> str:
        """Return the occasion of its hold, case, mail and receipt."""
        return f"refund-{self.pk}"

    @property
    def amount_text(self) -> str:
        return format_money(self.amount, self.currency)

    @property
    def failure_text(self) -> str:
        """Return why it failed, readable; Stripe's reasons change, so they are not translated."""
        return self.failure_reason.replace("_", " ")


class RefundLine(models.Model):
    """Which kits of an order's line a refund is for. A refund of a plain amount has none."""

    refund = models.ForeignKey(Refund, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey("orders.OrderLine", on_delete=models.PROTECT, related_name="refund_lines")
    quantity = models.PositiveSmallIntegerField(_("quantity"))
    amount = models.PositiveBigIntegerField(_("amount"))
    kits = models.ManyToManyField("orders.Kit", verbose_name=_("kits"), related_name="refund_lines")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["refund", "line"], name="one_part_of_a_refund_per_line")
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.refund_id} {self.line_id} {self.quantity}"
