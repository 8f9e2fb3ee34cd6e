from decimal import Decimal

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField
from phonenumber_field.modelfields import PhoneNumberField

from cms.core.money import format_money
from cms.typed.fields import EmailAddressField, IdentityCharField
from cms.typed.text import folded
from shop.references import ReferenceKind, build_reference


class OrderStatus(models.TextChoices):
    AWAITING_PAYMENT = "awaiting_payment", _("Awaiting payment")
    PAID = "paid", _("Paid")
    DISPATCHED = "dispatched", _("Dispatched")
    CANCELLED = "cancelled", _("Cancelled")


class Order(models.Model):
    """What somebody ordered and where it stands. Only shop.orders.transitions changes the status."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    secret = models.CharField(max_length=64, unique=True)  # opens the customer's order page; 192 random bits
    status = models.CharField(
        _("status"), max_length=20, choices=OrderStatus, default=OrderStatus.AWAITING_PAYMENT
    )
    email = EmailAddressField(_("e-mail"), db_index=True)
    buyer_name = models.CharField(_("name of the buyer"), max_length=150, db_index=True)
    phone = PhoneNumberField(_("telephone"), blank=True)
    recipient_name = models.CharField(_("name on the parcel"), max_length=150)
    address_line_1 = models.CharField(_("address"), max_length=150)
    address_line_2 = models.CharField(_("address, second line"), max_length=150, blank=True)
    city = models.CharField(_("town or city"), max_length=100)
    region = models.CharField(_("state or region"), max_length=100, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20)
    country = CountryField(verbose_name=_("country"))
    currency = models.CharField(_("currency"), max_length=3)
    discount_code = models.CharField(_("discount code"), max_length=40, blank=True)
    discount_amount = models.PositiveBigIntegerField(_("discount"), default=0)
    total_amount = models.PositiveBigIntegerField(_("total"))  # what is to be paid: lines less the discount
    search_text = models.TextField(
        blank=True, default="", editable=False
    )  # only shop.orders.search writes it
    created_at = models.DateTimeField(_("ordered"), auto_now_add=True)
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)  # personal data is gone
    # Which basket it comes from, to tell a double order; no foreign key, because baskets go and orders stay.
    basket_key = models.PositiveBigIntegerField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["basket_key"],
                condition=models.Q(status=OrderStatus.AWAITING_PAYMENT),
                name="one_unpaid_order_of_a_basket",
            )
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="orders_newest_first"),
            models.Index(fields=["status", "-created_at"], name="orders_by_status"),
        ]
        ordering = ["-created_at", "-id"]
        permissions = [
            ("erase_order", _("Can erase an order's personal data")),
            ("export_order", _("Can download lists of orders")),
        ]
        verbose_name = _("order")

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """Return the path of the customer's own order page; whoever has it can open it."""
        return reverse("checkout:order", args=[self.secret])

    @property
    def reference(self) -> str:
        """How other rooms (mail) name this order."""
        return build_reference(ReferenceKind.ORDER, self.code)

    @property
    def total(self) -> str:
        return format_money(self.total_amount, self.currency)

    @property
    def discount(self) -> str:
        return format_money(self.discount_amount, self.currency)

    @property
    def tax_included(self) -> str:
        """The tax in the total with its currency; an empty text when there is none."""
        amount = sum(line.tax_amount for line in self.lines.all())
        return format_money(amount, self.currency) if amount else ""


class OrderLine(models.Model):
    """A snapshot of what was bought: what the catalogue does later changes nothing here."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    package = models.ForeignKey(
        "catalogue.Package", verbose_name=_("package"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    sku = models.CharField(_("SKU"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    contents = models.JSONField(_("contents"), default=list)  # [{"key", "name", "loinc", "ucum"}]
    unit_amount = models.PositiveBigIntegerField(_("unit price"))
    quantity = models.PositiveSmallIntegerField(_("quantity"))
    # The line's part of the order's discount, and the tax that its price after the discount includes.
    discount_amount = models.PositiveBigIntegerField(_("discount"), default=0)
    tax_rate = models.DecimalField(_("tax rate"), max_digits=5, decimal_places=2, default=Decimal(0))
    tax_amount = models.PositiveBigIntegerField(_("tax included"), default=0)
    origin_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("came from"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"

    @property
    def total_amount(self) -> int:
        """Minor units, before the discount."""
        return self.unit_amount * self.quantity

    @property
    def payable_amount(self) -> int:
        """Minor units, after the discount, tax included."""
        return self.total_amount - self.discount_amount

    @property
    def total(self) -> str:
        return format_money(self.total_amount, self.order.currency)


class SexAtBirth(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")


class TestedPerson(models.Model):
    """Whose sample a kit will hold. Which packages they take is told by their kits alone."""

    __test__ = False  # not a test class

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="people")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=150)
    date_of_birth = models.DateField(_("date of birth"), null=True)  # None once it is erased
    sex_at_birth = models.CharField(_("sex at birth"), max_length=10, choices=SexAtBirth)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "position"], name="one_person_per_position")]
        ordering = ["position"]
        verbose_name = _("tested person")
        verbose_name_plural = _("tested people")

    def __str__(self) -> str:
        return self.name

    @property
    def package_ids(self) -> frozenset[int]:
        """The packages that they take, without one that was deleted since. Prefetch `kits__line`."""
        return frozenset(kit.line.package_id for kit in self.kits.all() if kit.line.package_id)


class KitQuerySet(models.QuerySet):
    def to_send(self):
        """Return kits that are in no parcel and may go into one."""
        return self.filter(shipment=None, voided_at=None)


class Kit(models.Model):
    """One kit for one person: what is put into a parcel. Only shop.orders.kits and a dispatch write it."""

    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="kits")
    person = models.ForeignKey(TestedPerson, on_delete=models.CASCADE, related_name="kits")
    shipment = models.ForeignKey(
        "orders.Shipment", null=True, blank=True, on_delete=models.SET_NULL, related_name="kits"
    )
    # Since when it must not be sent, because its money goes back to the buyer.
    voided_at = models.DateTimeField(_("void"), null=True, blank=True)

    objects = KitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "person"], name="one_kit_of_a_line_per_person"),
            models.CheckConstraint(
                condition=models.Q(voided_at=None) | models.Q(shipment=None), name="no_void_kit_in_a_parcel"
            ),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.line_id} {self.person_id}"


# Staff may type another name, which is then a free text.
CARRIERS = ("DHL", "FedEx", "UPS", "USPS", "Royal Mail")
_FOLDED_CARRIERS = frozenset(folded(name) for name in CARRIERS)


def is_known_carrier(text: str) -> bool:
    """Return whether the text is the name of one of CARRIERS and nothing else, however it was typed."""
    return folded(text) in _FOLDED_CARRIERS


class Shipment(models.Model):
    """A parcel on its way to the customer."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="shipments")
    carrier = models.CharField(_("carrier"), max_length=60)
    tracking_number = IdentityCharField(_("tracking number"), max_length=60)
    dispatched_at = models.DateTimeField(_("dispatched"), auto_now_add=True)
    dispatched_by = models.ForeignKey("users.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["dispatched_at"]

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking_number}"


class HoldKind(models.TextChoices):
    DISPUTE = "dispute", _("A dispute is open")
    FRAUD_WARNING = "fraud_warning", _("The card's bank warns of fraud")
    REFUNDED = "refunded", _("All of the money goes back")


class HoldQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(released_at=None)


class Hold(models.Model):
    """A reason why an order must not leave. Only shop.orders.holds writes it."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="holds")
    kind = models.CharField(_("reason"), max_length=20, choices=HoldKind)
    occasion = models.CharField(max_length=60, blank=True, default="")
    placed_at = models.DateTimeField(auto_now_add=True)
    released_at = models.DateTimeField(null=True, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "kind", "occasion"], name="one_hold_per_occasion")
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind}"


class ConsentKind(models.TextChoices):
    TERMS = "terms", _("Terms of sale")
    HEALTH_DATA = "health_data", _("Use of health data")
    TRUTH = "truth", _("Truthful details")


class ConsentText(models.Model):
    """The words that somebody agreed to. A new wording is a new version; a used one never changes."""

    kind = models.CharField(_("kind"), max_length=20, choices=ConsentKind)
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="one_text_per_version")]
        ordering = ["kind", "-version"]
        verbose_name = _("consent text")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"


class Consent(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="consents")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents")
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "text"], name="one_consent_per_text")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.text_id}"


class Actor(models.TextChoices):
    BUYER = "buyer", _("Buyer")
    STAFF = "staff", _("Staff")
    STRIPE = "stripe", _("Stripe")
    SYSTEM = "system", _("System")


class TimelineEntry(models.Model):
    """Something that happened to an order, and who or what did it. `data` holds no health detail."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="timeline")
    kind = models.CharField(_("kind"), max_length=40)
    actor = models.CharField(_("actor"), max_length=10, choices=Actor)
    user = models.ForeignKey("users.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    data = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at}"


class OrderNote(models.Model):
    """What staff want each other to know about an order. The customer never sees it."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey("users.User", null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(_("note"), max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("note")

    def __str__(self) -> str:
        return f"{self.order_id} {self.created_at}"
