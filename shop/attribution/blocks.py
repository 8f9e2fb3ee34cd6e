from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.core.blocks import OFFER_GROUP
from shop.attribution.origin import with_origin
from shop.catalogue.chooser import PackageChooserBlock
from shop.catalogue.models import Package


class OfferBlock(blocks.StructBlock):
    """Offers a package where the text has raised the question that it answers."""

    package = PackageChooserBlock(label=_("Package"))
    reason = blocks.CharBlock(
        label=_("Why it fits"), max_length=200, help_text=_("One sentence: “It fits because it measures …”")
    )

    class Meta:
        icon = "tag"
        group = OFFER_GROUP
        label = _("Package offer")
        description = _("Says that we sell this test and why it fits; price and facts come from the package.")
        template = "attribution/offer.html"

    def get_context(self, value, parent_context=None):
        """Add the package, its page's address with the origin, and whether it can be bought at all."""
        parent_context = parent_context or {}
        package = value["package"]
        page = package.live_page if package else None
        origin = parent_context.get("page")
        url = page.get_url(parent_context.get("request")) if page else ""
        return {
            **super().get_context(value, parent_context),
            "offer_package": package,
            "offer_url": with_origin(url or "", getattr(origin, "pk", None)),
            "reason": value["reason"],
            "is_available": bool(url) and package.is_sold,
        }

    def get_preview_value(self):
        package = Package.objects.for_display().sold().first()
        return self.normalize(
            {"package": package, "reason": _("It fits because it measures iron, thyroid and vitamins.")}
        )
