"""Packages, biomarkers and panels in the Wagtail admin."""

import django_filters
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, MultipleChooserPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet

from cms.core.refusals import NamingDeleteView
from shop.catalogue.forms import PackageForm
from shop.catalogue.models import Availability, Biomarker, Package, Panel, Sample, TaxRate


class BiomarkerChooserViewSet(ChooserViewSet):
    model = Biomarker
    icon = "biomarker"
    choose_one_text = _("Choose a biomarker")
    choose_another_text = _("Choose another biomarker")


class PackageFilterSet(WagtailFilterSet):
    availability = django_filters.ChoiceFilter(label=_("Availability"), choices=Availability.choices)
    sample = django_filters.ChoiceFilter(label=_("Sample"), choices=Sample.choices)

    class Meta:
        model = Package
        fields = ["availability", "sample"]


class StockPanel(FieldPanel):
    """A number that orders change while the form is open: the form also sends what it showed."""

    class BoundPanel(FieldPanel.BoundPanel):
        def get_editable_context_data(self):
            context = super().get_editable_context_data()
            shown = self.bound_field.as_hidden(only_initial=True)
            return {**context, "rendered_field": context["rendered_field"] + shown}


def warn_of_mixed_currencies(request: HttpRequest, package: Package) -> None:
    """Say on the next screen that a package cannot be paid together with the others."""
    others = Package.objects.available().exclude(pk=package.pk).exclude(currency=package.currency)
    if not package.is_available or not (count := others.count()):
        return
    words = ngettext(
        "“%(name)s” is priced in %(currency)s and %(count)d other package is not: "
        "nobody can pay for both in one order.",
        "“%(name)s” is priced in %(currency)s and %(count)d other packages are not: "
        "nobody can pay for them in one order.",
        count,
    )
    values = {"name": package.name, "currency": package.currency, "count": count}
    messages.warning(request, words % values)


class PackageCreateView(CreateView):
    def form_valid(self, form):
        response = super().form_valid(form)
        warn_of_mixed_currencies(self.request, form.instance)
        return response


class PackageEditView(EditView):
    def form_valid(self, form):
        response = super().form_valid(form)
        warn_of_mixed_currencies(self.request, form.instance)
        return response


class PackageIndexView(IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().for_display()


class PackageViewSet(ModelViewSet):
    """What is sold, at which price, with which contents."""

    model = Package
    icon = "package"
    delete_view_class = NamingDeleteView
    menu_label = _("Packages")
    index_view_class = PackageIndexView
    add_view_class = PackageCreateView
    edit_view_class = PackageEditView
    ordering = ["name"]
    search_backend_name = None
    search_fields = ["name", "sku", "summary"]
    list_display = [
        "name",
        Column("sku", label=_("SKU"), sort_key="sku"),
        Column("price", label=_("Price"), sort_key="price_amount"),
        Column("biomarker_count", label=_("Biomarkers")),
        Column("get_sample_display", label=_("Sample"), sort_key="sample"),
        Column("turnaround_days", label=_("Working days"), sort_key="turnaround_days"),
        Column("get_availability_display", label=_("Availability"), sort_key="availability"),
        Column("stock_quantity", label=_("Left"), sort_key="stock_quantity"),
    ]
    filterset_class = PackageFilterSet
    # A copy would share its SKU, which names one thing on old orders.
    copy_view_enabled = False

    @cached_property
    def edit_handler(self) -> ObjectList:
        return ObjectList(
            [
                FieldRowPanel([FieldPanel("name"), FieldPanel("sku")]),
                FieldPanel("summary"),
                MultiFieldPanel(
                    [
                        FieldRowPanel([FieldPanel("price_amount"), FieldPanel("currency")]),
                        FieldPanel("is_price_meant"),
                        FieldRowPanel([FieldPanel("availability"), StockPanel("stock_quantity")]),
                        FieldPanel("turnaround_days"),
                    ],
                    heading=_("Sale"),
                ),
                MultiFieldPanel(
                    [
                        FieldPanel("suitable_sex"),
                        FieldRowPanel([FieldPanel("minimum_age"), FieldPanel("maximum_age")]),
                    ],
                    heading=_("Who can be tested"),
                ),
                MultiFieldPanel(
                    [
                        FieldPanel("sample"),
                        FieldPanel("collection"),
                        FieldPanel("preparation"),
                    ],
                    heading=_("Sample"),
                ),
                MultipleChooserPanel(
                    "contents",
                    chooser_field_name="biomarker",
                    heading=_("What it measures"),
                    label=_("Biomarker"),
                    panels=[FieldPanel("biomarker")],
                ),
            ],
            base_form_class=PackageForm,
        )


class BiomarkerFilterSet(WagtailFilterSet):
    class Meta:
        model = Biomarker
        fields = ["panel"]


class BiomarkerIndexView(IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().select_related("panel")


class BiomarkerViewSet(ModelViewSet):
    """What a laboratory measures, explained in plain words."""

    model = Biomarker
    icon = "biomarker"
    delete_view_class = NamingDeleteView
    menu_label = _("Biomarkers")
    index_view_class = BiomarkerIndexView
    search_backend_name = None
    search_fields = ["name", "key", "loinc", "purpose"]
    list_display = [
        "name",
        Column("key", label=_("Key"), sort_key="key"),
        Column("panel", label=_("Panel"), sort_key="panel__position"),
        Column("loinc", label=_("LOINC code")),
        Column("ucum", label=_("Unit")),
    ]
    filterset_class = BiomarkerFilterSet
    copy_view_enabled = False
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("key")]),
        FieldRowPanel([FieldPanel("panel"), FieldPanel("position")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("loinc"), FieldPanel("ucum")]),
                FieldRowPanel([FieldPanel("si_loinc"), FieldPanel("si_ucum")]),
            ],
            heading=_("Codes and units"),
            help_text=_("A LOINC code and its unit belong together: another unit is another code."),
        ),
        FieldPanel("purpose"),
        FieldPanel("explanation"),
    ]


class PanelViewSet(ModelViewSet):
    """Groups of biomarkers as a reader would group them."""

    model = Panel
    icon = "list-ul"
    delete_view_class = NamingDeleteView
    menu_label = _("Panels")
    search_backend_name = None
    search_fields = ["name", "key"]
    list_display = ["name", Column("key", label=_("Key")), Column("position", label=_("Position"))]
    copy_view_enabled = False
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("key")]),
        FieldPanel("description"),
        FieldPanel("position"),
    ]


class TaxRateIndexView(IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().select_related("package")


class TaxRateViewSet(ModelViewSet):
    """Which tax the prices include; orders keep the rate they were placed at."""

    model = TaxRate
    icon = "tag"
    delete_view_class = NamingDeleteView
    menu_label = _("Tax rates")
    index_view_class = TaxRateIndexView
    search_backend_name = None
    list_display = [
        "__str__",
        Column("package", label=_("Package")),
        Column("valid_from", label=_("Valid from"), sort_key="valid_from"),
    ]
    copy_view_enabled = False
    panels = [
        FieldPanel("package"),
        FieldRowPanel([FieldPanel("country"), FieldPanel("rate"), FieldPanel("valid_from")]),
    ]


class CatalogueViewSetGroup(ViewSetGroup):
    items = (
        PackageViewSet("packages"),
        BiomarkerViewSet("biomarkers"),
        PanelViewSet("panels"),
        TaxRateViewSet("tax-rates"),
    )
    menu_label = _("Catalogue")
    menu_icon = "package"
    menu_order = 250


biomarker_chooser_viewset = BiomarkerChooserViewSet("biomarker_chooser")
catalogue_viewset_group = CatalogueViewSetGroup()
