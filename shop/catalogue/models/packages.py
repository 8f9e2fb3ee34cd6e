from dataclasses import dataclass
from itertools import groupby

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, Exists, ExpressionWrapper, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Page
from wagtail.search import index

from cms.core.currencies import CURRENCIES, currency_of
from cms.core.listing import listed
from cms.core.money import format_money
from cms.typed.fields import IdentityCharField
from shop.catalogue.models.biomarkers import Biomarker, Panel


class Sample(models.TextChoices):
    VENOUS_BLOOD = "venous_blood", _("Venous blood")
    BLOOD_AND_URINE = "blood_and_urine", _("Blood and urine")
    URINE_OR_SWAB_AND_BLOOD = "urine_or_swab_and_blood", _("Urine or swab, and blood")


class SuitableSex(models.TextChoices):
    ANY = "any", _("Everybody")
    FEMALE = "female", _("Women only")
    MALE = "male", _("Men only")


class Availability(models.TextChoices):
    AVAILABLE = "available", _("Available")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# In minor units of any currency; what Stripe asks for may be more.
MIN_PRICE_AMOUNT = 50


@dataclass(frozen=True)
class PanelContents:
    """The biomarkers of one panel that a package measures."""

    panel: Panel
    biomarkers: list[Biomarker]


def biomarker_count(package: str) -> Coalesce:
    """Return an annotation: how many biomarkers the package at this field of the outer query measures."""
    contents = PackageBiomarker.objects.filter(package=OuterRef(package)).order_by().values("package")
    return Coalesce(Subquery(contents.annotate(number=Count("pk")).values("number")), 0)


class PackageQuerySet(models.QuerySet):
    def available(self):
        return self.filter(availability=Availability.AVAILABLE)

    def with_sale(self):
        """Say of each whether it can be bought (`is_sold`): a page that any list may show presents it."""
        presented = Q(Exists(listed(Page.objects.filter(packagepage__package=OuterRef("pk")))))
        return self.annotate(
            is_sold=ExpressionWrapper(
                Q(availability=Availability.AVAILABLE) & presented, output_field=models.BooleanField()
            )
        )

    def sold(self):
        """Return what can be bought, wherever it is asked: basket, order, offer, list."""
        return self.with_sale().filter(is_sold=True)

    def usual_currency(self) -> str:
        """Return the currency that most of what is sold is priced in; dollars while nothing is."""
        counted = self.available().order_by().values_list("currency").annotate(number=Count("pk"))
        return max(counted, key=lambda row: (row[1], row[0]), default=("USD", 0))[0]

    def for_display(self):
        """Return packages with their pages and numbers of biomarkers, in one query."""
        return self.with_sale().select_related("page").annotate(biomarker_count=biomarker_count("pk"))


class Package(index.Indexed, ClusterableModel):
    """What is charged and what is measured. Its page presents it; this row decides the price."""

    sku = IdentityCharField(_("SKU"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    summary = models.CharField(
        _("summary"), max_length=160, help_text=_("One line, shown on cards and offers.")
    )
    price_amount = models.PositiveBigIntegerField(
        _("price"), validators=[MinValueValidator(MIN_PRICE_AMOUNT)]
    )
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    availability = models.CharField(
        _("availability"), max_length=12, choices=Availability, default=Availability.AVAILABLE, db_index=True
    )
    sample = models.CharField(_("sample"), max_length=30, choices=Sample, default=Sample.VENOUS_BLOOD)
    # Not shown: nobody can choose such a kit yet.
    finger_prick_possible = models.BooleanField(_("finger-prick kit possible"), default=False)
    collection = models.TextField(_("collection"), help_text=_("How and where the sample is taken."))
    preparation = models.TextField(_("preparation"))
    turnaround_days = models.PositiveSmallIntegerField(
        _("turnaround"), help_text=_("Working days after the laboratory has the sample.")
    )
    # Sex at birth, because the usual ranges of what is measured are made for it.
    suitable_sex = models.CharField(
        _("for whom"),
        max_length=10,
        choices=SuitableSex,
        default=SuitableSex.ANY,
        help_text=_("By sex at birth. It is sold for nobody else."),
    )
    minimum_age = models.PositiveSmallIntegerField(_("minimum age"), default=18)
    maximum_age = models.PositiveSmallIntegerField(
        _("maximum age"),
        null=True,
        blank=True,
        help_text=_("The last age, in completed years, at which it is sold. Empty: no limit."),
    )
    # How many can still be sold; None for any number. Orders change it through shop.catalogue.stock only.
    stock_quantity = models.PositiveIntegerField(
        _("left in stock"),
        null=True,
        blank=True,
        help_text=_("How many can still be sold; orders count it down. Empty: any number."),
    )
    biomarkers = models.ManyToManyField(Biomarker, through="PackageBiomarker", related_name="packages")

    objects = PackageQuerySet.as_manager()

    search_fields = [
        index.SearchField("name", boost=3),
        index.SearchField("sku"),
        index.SearchField("summary"),
        index.AutocompleteField("name"),
        index.FilterField("availability"),
    ]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(maximum_age=None) | Q(maximum_age__gte=models.F("minimum_age")),
                name="a_package_is_for_some_age",
            )
        ]
        ordering = ["name"]
        verbose_name = _("package")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        youngest, oldest = self.minimum_age, self.maximum_age
        # Both may be missing in a form that was not filled in rightly.
        if youngest is not None and oldest is not None and oldest < youngest:
            raise ValidationError({"maximum_age": _("The maximum age is below the minimum age.")})
        if self.currency not in CURRENCIES:
            raise ValidationError({"currency": _("Stripe does not charge this currency.")})
        if self.price_amount is not None and not currency_of(self.currency).is_exact(self.price_amount):
            raise ValidationError({"price_amount": _("There is no such amount in this currency.")})

    @property
    def is_available(self) -> bool:
        return self.availability == Availability.AVAILABLE

    @cached_property
    def is_sold(self) -> bool:
        """Whether it can be bought; `with_sale` finds it out for many at once."""
        return type(self).objects.sold().filter(pk=self.pk).exists()

    @property
    def is_sold_out(self) -> bool:
        """Still sold, but none is left."""
        return self.is_available and self.stock_quantity == 0

    @property
    def price(self) -> str:
        return format_money(self.price_amount, self.currency)

    @property
    def live_page(self) -> Page | None:
        """The page that presents the package to readers, if it is published."""
        page = getattr(self, "page", None)
        return page if page and page.live else None

    @property
    def turnaround(self) -> str:
        """When results are there: "3 working days"."""
        return ngettext("%(days)s working day", "%(days)s working days", self.turnaround_days) % {
            "days": self.turnaround_days
        }

    @property
    def suitable_for(self) -> str:
        """Who can be tested: "Women from 18 to 44 years". By sex at birth and in completed years."""
        who = {"female": gettext("Women"), "male": gettext("Men")}.get(self.suitable_sex, gettext("Anybody"))
        values = {"who": who, "youngest": self.minimum_age, "oldest": self.maximum_age}
        if self.maximum_age is None:
            return gettext("%(who)s of %(youngest)s years or older") % values
        return gettext("%(who)s from %(youngest)s to %(oldest)s years") % values

    def contents_by_panel(self) -> list[PanelContents]:
        """Return what the package measures, panel by panel, in one query."""
        contents = self.contents.select_related("biomarker__panel").order_by(
            "biomarker__panel__position", "biomarker__panel__name", "biomarker__position", "biomarker__name"
        )
        biomarkers = [content.biomarker for content in contents]
        return [
            PanelContents(panel, list(group))
            for panel, group in groupby(biomarkers, key=lambda biomarker: biomarker.panel)
        ]


class PackageBiomarker(models.Model):
    package = ParentalKey(Package, on_delete=models.CASCADE, related_name="contents")
    biomarker = models.ForeignKey(Biomarker, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package", "biomarker"], name="a_biomarker_once_in_a_package")
        ]
        ordering = ["biomarker__panel__position", "biomarker__position"]

    def __str__(self) -> str:
        return str(self.biomarker)
