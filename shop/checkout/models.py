from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.typed.fields import EmailAddressField
from shop.discounts.models import MAX_CODE_LENGTH


class Basket(models.Model):
    """What a reader put aside, found again by the token in their cookie. Public pages never touch it."""

    token = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True, db_index=True)
    # The order that this basket became, so that a double click or the back button makes no second one.
    order = models.OneToOneField(
        "orders.Order", null=True, blank=True, on_delete=models.SET_NULL, related_name="basket"
    )
    # What the reader typed; whether it is valid is asked anew each time the basket is shown.
    discount_code = models.CharField(_("discount code"), max_length=MAX_CODE_LENGTH, blank=True, default="")

    def __str__(self) -> str:
        return str(self.pk)


class BasketLine(models.Model):
    basket = models.ForeignKey(Basket, on_delete=models.CASCADE, related_name="lines")
    package = models.ForeignKey(
        "catalogue.Package", verbose_name=_("package"), on_delete=models.CASCADE, related_name="+"
    )
    quantity = models.PositiveSmallIntegerField(
        _("quantity"), validators=[MinValueValidator(1), MaxValueValidator(settings.MAX_QUANTITY)]
    )
    # The price the reader last saw; a difference is shown before payment.
    seen_amount = models.PositiveBigIntegerField()
    seen_currency = models.CharField(max_length=3)
    origin_page = models.ForeignKey(
        "wagtailcore.Page", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["basket", "package"], name="a_package_once_in_a_basket")
        ]
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.package_id}"


class LinkRequest(models.Model):
    """Somebody asks for an order's link. A worker answers it within moments, and deletes it."""

    code = models.CharField(max_length=20)
    email = EmailAddressField(max_length=254)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.pk)
