from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.references import MAX_REFERENCE_LENGTH


class CaseKind(models.TextChoices):
    MONEY_TO_RETURN = "money_to_return", _("Money to return")
    PAYMENT_MISMATCH = "payment_mismatch", _("Payment does not match")
    UNKNOWN_PAYMENT = "unknown_payment", _("Payment without an order")
    REFUND_FAILED = "refund_failed", _("Refund failed")
    DISPUTE = "dispute", _("Dispute")
    FRAUD_WARNING = "fraud_warning", _("Fraud warning")
    UNDELIVERABLE_MAIL = "undeliverable_mail", _("Mail cannot be delivered")
    LATE_ORDER = "late_order", _("Order is late")
    PAYMENT_REFUSED = "payment_refused", _("Payment refused by Stripe")
    FAILED_EVENT = "failed_event", _("Payment message not handled")
    BOOKS = "books", _("Books do not add up")


class CaseState(models.TextChoices):
    OPEN = "open", _("Waiting")
    TAKEN = "taken", _("Taken")
    CLOSED = "closed", _("Ended")


UNSOLVED = (CaseState.OPEN, CaseState.TAKEN)


class CaseQuerySet(models.QuerySet):
    def unsolved(self):
        """Return cases that somebody still has to deal with."""
        return self.filter(state__in=UNSOLVED)


class Case(models.Model):
    """Something that needs a person. Only shop.cases.actions changes its state.

    `reference` names what it is about ("order:AB12CD34"), as in mail; `occasion` tells two cases of one kind
    about the same thing apart. `reason` and `data` hold ids, figures and states, never a health detail.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=CaseKind)
    reference = models.CharField(_("reference"), max_length=MAX_REFERENCE_LENGTH)
    occasion = models.CharField(max_length=MAX_REFERENCE_LENGTH, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=250)
    data = models.JSONField(default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=CaseState, default=CaseState.OPEN)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    taken_by = models.ForeignKey(
        "users.User",
        verbose_name=_("taken by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,  # the index cases_by_taker begins with it
    )
    closed_by = models.ForeignKey(
        "users.User",
        verbose_name=_("closed by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    outcome = models.CharField(_("outcome"), max_length=250, blank=True)
    created_at = models.DateTimeField(_("opened"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference", "kind", "occasion"], name="one_case_per_occasion")
        ]
        indexes = [
            models.Index(fields=["state", "-created_at"], name="cases_by_state"),
            models.Index(fields=["-created_at", "-id"], name="cases_newest_first"),
            models.Index(fields=["kind", "-created_at"], name="cases_by_kind"),
            models.Index(fields=["taken_by", "-created_at"], name="cases_by_taker"),
            models.Index(fields=["due_at"], name="cases_by_due_date"),
        ]
        ordering = ["-created_at", "-id"]
        verbose_name = _("case")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}"


class CaseAct(models.TextChoices):
    TAKEN = "taken", _("Taken")
    HANDED_BACK = "handed_back", _("Handed back")
    CLOSED = "closed", _("Ended")


class CaseEntry(models.Model):
    """What somebody did with a case, and when; without a person, the room that opened it. Holds no words."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="entries")
    act = models.CharField(max_length=20, choices=CaseAct)
    user = models.ForeignKey("users.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.act}"
