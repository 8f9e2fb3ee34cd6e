from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page, PageManager
from wagtail.search import index

from cms.core.blocks import ANSWER_FEATURES, QuestionBlock
from cms.core.fields import StreamField
from cms.core.listing import ListedPageQuerySet
from cms.core.models import BasePage
from cms.images.pictures import prefetch_pictures
from shop.catalogue import structured_data
from shop.catalogue.blocks import SampleResultBlock, SuitabilityBlock
from shop.catalogue.models.packages import Availability, Package, biomarker_count


@dataclass(frozen=True)
class Step:
    """One step of the way from the order to the result."""

    title: str
    text: str


class PackagePageQuerySet(ListedPageQuerySet):
    def for_cards(self):
        """Return listed pages of what can be bought, with all that a card shows, in three queries."""
        return (
            self.listed()
            .filter(package__availability=Availability.AVAILABLE)
            .select_related("package", "picture")
            .prefetch_related(prefetch_pictures())
            .annotate(biomarker_count=biomarker_count("package"))
        )


class PackageIndexPage(BasePage):
    """All health checks."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["catalogue.PackagePage"]
    max_count = 1

    class Meta:
        verbose_name = _("health check index")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["package_pages"] = list(PackagePage.objects.child_of(self).for_cards())
        return context


PackagePageManager = PageManager.from_queryset(PackagePageQuerySet)


class PackagePage(BasePage):
    """Presents one package; price and contents come from the package's row."""

    package = models.OneToOneField(
        Package,
        verbose_name=_("package"),
        null=True,
        on_delete=models.PROTECT,
        related_name="page",
    )
    is_featured = models.BooleanField(_("featured on the home page"), default=False)
    for_whom = StreamField(
        [("item", SuitabilityBlock(max_length=200))], verbose_name=_("for whom"), blank=True
    )
    not_for_whom = StreamField(
        [("item", SuitabilityBlock(max_length=200))],
        verbose_name=_("not for whom"),
        blank=True,
    )
    cannot_tell = RichTextField(_("what it cannot tell"), features=ANSWER_FEATURES, blank=True)
    sample_report = StreamField(
        [("result", SampleResultBlock())], verbose_name=_("sample report"), blank=True
    )
    doctor_note = models.TextField(_("doctor's note in the sample report"), blank=True)
    questions = StreamField([("question", QuestionBlock())], verbose_name=_("questions"), blank=True)

    objects = PackagePageManager()

    parent_page_types = ["catalogue.PackageIndexPage"]
    subpage_types: list[str] = []
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("for_whom"),
        index.SearchField("cannot_tell"),
        index.FilterField("is_featured"),
        index.RelatedFields(
            "package",
            [
                index.SearchField("name", boost=3),
                index.SearchField("summary"),
                # Whoever searches for ferritin looks for the packages that measure it.
                index.RelatedFields("biomarkers", [index.SearchField("name"), index.SearchField("key")]),
            ],
        ),
    ]
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("package"),
        FieldPanel("is_featured"),
        FieldPanel("for_whom"),
        FieldPanel("not_for_whom"),
        FieldPanel("cannot_tell"),
        FieldPanel("sample_report"),
        FieldPanel("doctor_note"),
        FieldPanel("questions"),
        InlinePanel("related_links", heading=_("Related articles"), label=_("Article"), max_num=6),
    ]

    class Meta:
        verbose_name = _("health check")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        contents = self.package.contents_by_panel() if self.package else []
        return {
            **context,
            "contents": contents,
            "biomarker_count": sum(len(panel.biomarkers) for panel in contents),
            "steps": steps(self.package) if self.package else [],
            "questions": self.question_list(),
            "quantities": range(1, settings.MAX_QUANTITY + 1),
            "sample_results": [block.value for block in self.sample_report],
            "related_pages": self.related_pages(),
        }

    @property
    def is_for_sale(self) -> bool:
        """Whether its package can be bought; not where only some may read about it."""
        # Routing finds out about the restriction; a preview is never restricted.
        is_restricted = getattr(self, "is_restricted", False)
        return bool(self.package and self.package.is_available and not is_restricted)

    def related_pages(self) -> list[BasePage]:
        """Return the listed pages that an editor put beside this one, in that order, with their pictures."""
        targets = [link.target for link in self.related_links.select_related("target")]
        by_type: dict[type[Page], list[int]] = {}
        for target in targets:
            if issubclass(target.specific_class or Page, BasePage):
                by_type.setdefault(target.specific_class, []).append(target.pk)
        pages = {
            page.pk: page
            for page_type, ids in by_type.items()
            for page in page_type.objects.listed().filter(pk__in=ids).select_related("picture")
        }
        related = [pages[target.pk] for target in targets if target.pk in pages]
        # One query for the renditions of this page's picture and of all beside it.
        pictures = [page.picture for page in (self, *related) if page.picture]
        prefetch_related_objects(pictures, prefetch_pictures(""))
        return related

    @classmethod
    def for_serving(cls) -> models.QuerySet:
        """Return pages with their package; `related_pages` fetches the renditions."""
        return cls.objects.select_related("picture", "package")

    def structured_data(self, request: HttpRequest) -> list[dict]:
        return structured_data.product(self, request)


class RelatedLink(Orderable):
    """A page to read beside a package; the shop knows it as a page only."""

    page = ParentalKey(PackagePage, on_delete=models.CASCADE, related_name="related_links")
    target = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("page"), on_delete=models.CASCADE, related_name="+"
    )

    panels = [PageChooserPanel("target")]


def steps(package: Package) -> list[Step]:
    """Return how the check works for this package, from the order to the doctor's note."""
    return [
        Step(
            gettext("Order"),
            gettext("Tell us who is tested and where the kit should go. You need no account."),
        ),
        Step(gettext("Give your sample"), package.collection),
        Step(
            gettext("Read your results"),
            gettext(
                "%(turnaround)s after the laboratory has your sample, with a doctor's note in plain words."
            )
            % {"turnaround": package.turnaround},
        ),
    ]
