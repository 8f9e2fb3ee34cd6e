from django.db import models
from django.utils.translation import gettext_lazy as _


class ReceiptIsImmutable(Exception):
    """An issued receipt is neither changed nor deleted; a correction is a document of its own."""


class ReceiptKind(models.TextChoices):
    RECEIPT = "receipt", _("Receipt")
    CORRECTION = "correction", _("Correction")
    REVERSAL = "reversal", _("Reversal of a correction")  # the refund did not reach the buyer


class ReceiptCounter(models.Model):
    """The last number of a year. Its row is locked while a number is taken, so no number is left out."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last_number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}-{self.last_number:06}"


class Receipt(models.Model):
    """A numbered document about money: paid for, given back, or not given back after all. Never changed.

    `data` is the whole content, `pdf` its picture, filled once (see documents) and emptied only with the
    buyer's name (see erasure).
    """

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="receipts")
    number = models.CharField(_("number"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=ReceiptKind)
    occasion = models.CharField(max_length=60, blank=True, default="")  # the refund, or its failure
    corrects = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )
    issued_at = models.DateTimeField(_("issued"))
    data = models.JSONField()
    pdf = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "kind", "occasion"], name="one_receipt_per_occasion")
        ]
        ordering = ["issued_at", "pk"]
        verbose_name = _("receipt")

    def __str__(self) -> str:
        return self.number

    def save(self, *args, **kwargs) -> None:
        if not self._state.adding:
            raise ReceiptIsImmutable(self.number)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise ReceiptIsImmutable(self.number)

    @property
    def file_name(self) -> str:
        return f"{self.kind}-{self.number}.pdf"
