from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.core.money import format_money
from cms.typed.text import clean_word_code
from shop.references import MAX_REFERENCE_LENGTH

MAX_CODE_LENGTH = 40


class DiscountCode(models.Model):
    """A word that makes an order cheaper. Orders keep what it gave when they were placed."""

    code = models.CharField(
        _("code"),
        max_length=MAX_CODE_LENGTH,
        unique=True,
        help_text=_("What buyers type; capital letters and spaces make no difference."),
    )
    percentage = models.DecimalField(
        _("percentage"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100))],
    )
    amount = models.PositiveBigIntegerField(
        _("fixed amount"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="")  # of the fixed amount
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    total_limit = models.PositiveIntegerField(
        _("uses in all"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: any number. An order that waits for its payment counts."),
    )
    customer_limit = models.PositiveIntegerField(
        _("uses for each customer"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: any number. Customers are told apart by their e-mail address."),
    )
    packages = models.ManyToManyField(
        "catalogue.Package",
        verbose_name=_("packages"),
        through="DiscountedPackage",
        blank=True,
        related_name="+",
        help_text=_("What the code makes cheaper; none chosen: every package."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                # What compares with nothing is neither true nor false, and a check takes that for true.
                condition=Q(
                    percentage__isnull=False, percentage__gt=0, percentage__lte=100, amount=None, currency=""
                )
                | (Q(percentage=None, amount__isnull=False, amount__gt=0) & ~Q(currency="")),
                name="a_percentage_or_an_amount_with_currency",
                violation_error_message=_("Give either a percentage, or a fixed amount and its currency."),
            )
        ]
        ordering = ["-created_at", "-pk"]
        verbose_name = _("discount code")

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        self.code = clean_word_code(self.code)
        if not self.code:
            raise ValidationError({"code": _("Enter a code.")})
        if self.valid_from and self.valid_until and self.valid_from >= self.valid_until:
            raise ValidationError({"valid_until": _("The end must lie after the start.")})

    def save(self, *args, **kwargs) -> None:
        self.code = clean_word_code(self.code)
        super().save(*args, **kwargs)

    @property
    def value(self) -> str:
        """What it gives, in words: "15%" or "$10"."""
        if self.percentage is not None:
            return f"{self.percentage.normalize():f}%"
        return format_money(self.amount or 0, self.currency)


class DiscountedPackage(models.Model):
    """A package that a code is for. It is protected: a code without packages would be for all of them."""

    discount_code = models.ForeignKey(DiscountCode, on_delete=models.CASCADE, related_name="+")
    package = models.ForeignKey("catalogue.Package", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["discount_code", "package"], name="a_package_once_in_a_code")
        ]

    def __str__(self) -> str:
        return f"{self.discount_code_id} {self.package_id}"


class UseState(models.TextChoices):
    RESERVED = "reserved", _("Reserved")
    USED = "used", _("Used")
    GIVEN_BACK = "given_back", _("Given back")


class DiscountUseQuerySet(models.QuerySet):
    def standing(self):
        """Return the uses that count against the limits."""
        return self.exclude(state=UseState.GIVEN_BACK)


class DiscountUse(models.Model):
    """One order's use of a code. Only shop.discounts.reserving writes it.

    The customer is kept as a keyed hash of the e-mail address: enough to count, useless to anybody else.
    """

    code = models.ForeignKey(
        DiscountCode, verbose_name=_("code"), on_delete=models.PROTECT, related_name="uses"
    )
    order_reference = models.CharField(_("order"), max_length=MAX_REFERENCE_LENGTH, unique=True)
    customer_key = models.CharField(max_length=64, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=UseState, default=UseState.RESERVED)
    reserved_at = models.DateTimeField(_("reserved"), auto_now_add=True)

    objects = DiscountUseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["code", "customer_key"], name="uses_of_a_customer")]
        ordering = ["-reserved_at", "-pk"]
        verbose_name = _("use of a discount code")
        verbose_name_plural = _("uses of discount codes")

    def __str__(self) -> str:
        return f"{self.order_reference} {self.state}"
