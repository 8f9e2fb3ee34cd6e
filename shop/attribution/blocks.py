from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.core.blocks import OFFER_GROUP
from shop.catalogue.chooser import PackageChooserBlock


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
        template = "streamfield/offer.html"
