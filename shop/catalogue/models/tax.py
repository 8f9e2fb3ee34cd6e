from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from cms.core.calendar import site_today
from shop.catalogue.models.packages import Package


class TaxRate(models.Model):
    """How much tax a price includes in a country from a day on; orders keep the rate they were placed at."""

    package = models.ForeignKey(
        Package,
        verbose_name=_("package"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="tax_rates",
        help_text=_("Empty: for all packages that have no rate of their own."),
    )
    country = CountryField(verbose_name=_("country"))
    rate = models.DecimalField(
        _("rate in percent"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    valid_from = models.DateField(_("valid from"), default=site_today)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["package", "country", "valid_from"], name="one_tax_rate_of_a_package_a_day"
            ),
            # SQLite takes two empty packages for different ones.
            models.UniqueConstraint(
                fields=["country", "valid_from"],
                condition=Q(package=None),
                name="one_tax_rate_of_a_country_a_day",
            ),
        ]
        ordering = ["country", "package__name", "-valid_from"]
        verbose_name = _("tax rate")

    def __str__(self) -> str:
        return f"{self.country} {self.rate} %"
