"""Attempts to pay an order."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.core.money import format_money


class PaymentState(models.TextChoices):
    CREATED = "created", _("Created")  # the row and its idempotency key exist, Stripe may not know of it yet
    OPEN = "open", _("Waiting for the buyer")
    PROCESSING = "processing", _("Being processed")  # session complete, money not there yet (delayed methods)
    SUCCEEDED = "succeeded", _("Paid")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")
    MISMATCHED = "mismatched", _("Does not match")  # Stripe has taken something else than was asked for
    SET_ASIDE = "set_aside", _("Did not match, ended")


# A second payment meanwhile could be one too many.
IN_FLIGHT = frozenset({PaymentState.PROCESSING, PaymentState.MISMATCHED})
# What came by them is not the order's money.
KEPT_APART = frozenset({PaymentState.MISMATCHED, PaymentState.SET_ASIDE})
UNFINISHED = IN_FLIGHT | {PaymentState.CREATED, PaymentState.OPEN}


class Cause(models.TextChoices):
    """What made the shop ask Stripe; the label says for staff how the shop learned of what it found."""

    WEBHOOK = "webhook", _("told by Stripe")
    RETURN_PAGE = "return_page", _("seen when the buyer came back")
    RECONCILER = "reconciler", _("found by asking Stripe")
    NEW_ATTEMPT = "new_attempt", _("seen at a new attempt")
    BUYER = "buyer", _("ended by the buyer")
    STAFF = "staff", _("ended by staff")
    SYSTEM = "system", _("ended after its time")


class PaymentQuerySet(models.QuerySet):
    def unfinished(self):
        """Return attempts that may still bring money, or have brought some that nobody has decided about."""
        return self.filter(state__in=UNFINISHED)


class Payment(models.Model):
    """One attempt to pay an order through one Stripe Checkout Session."""

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="payments")
    idempotency_key = models.UUIDField(unique=True)
    session_id = models.CharField(_("Checkout Session"), max_length=100, unique=True, null=True, blank=True)
    payment_intent_id = models.CharField(
        _("Payment Intent"), max_length=100, unique=True, null=True, blank=True
    )
    amount = models.PositiveBigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    state = models.CharField(
        _("state"), max_length=12, choices=PaymentState, default=PaymentState.CREATED, db_index=True
    )
    shows_email = models.BooleanField(default=True)  # on Stripe's page, the buyer's
    url = models.TextField(blank=True)  # Stripe names no limit for its addresses
    expires_at = models.DateTimeField(_("expires"))
    settled_by = models.CharField(_("settled by"), max_length=20, choices=Cause, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("payment")

    def __str__(self) -> str:
        return f"{self.order_id} {self.state}"

    @property
    def amount_text(self) -> str:
        return format_money(self.amount, self.currency)
