"""Blocks of a health check's page."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.core.blocks import HELP_GROUP, OFFER_GROUP


class SuitabilityBlock(blocks.CharBlock):
    """One reason for or against a health check."""

    class Meta:
        icon = "check"
        group = HELP_GROUP
        label = _("Item")
        description = _("Somebody whom this check suits, or does not suit, in one sentence.")
        template = "streamfield/suitability.html"
        preview_value = _("You have been tired for more than four weeks")


class SampleResultBlock(blocks.StructBlock):
    """One line of the drawn sample report: where a value lies on its number line (0 to 100)."""

    name = blocks.CharBlock(label=_("Biomarker"), max_length=80)
    value = blocks.CharBlock(label=_("Value with unit"), max_length=40)
    position = blocks.IntegerBlock(label=_("Position of the value"), min_value=0, max_value=100)
    low = blocks.IntegerBlock(label=_("Start of the usual range"), min_value=0, max_value=100)
    high = blocks.IntegerBlock(label=_("End of the usual range"), min_value=0, max_value=100)

    class Meta:
        icon = "order"
        group = OFFER_GROUP
        label = _("Sample result")
        description = _("An invented value on its number line, for the drawn sample report.")
        template = "streamfield/sample_result.html"
        preview_value = {"name": "Ferritin", "value": "24 ng/mL", "position": 22, "low": 28, "high": 74}

    def get_context(self, value, parent_context=None):
        return {**super().get_context(value, parent_context), "results": [value]}
