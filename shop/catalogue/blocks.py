"""Blocks of a health check's page."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from cms.core.blocks import HELP_GROUP, OFFER_GROUP
from shop.catalogue.sample_report import is_number

ONLY_NUMBERS = _("For a number only.")


class SuitabilityBlock(blocks.CharBlock):
    """One reason for or against a health check."""

    class Meta:
        icon = "check"
        group = HELP_GROUP
        label = _("Item")
        description = _("Somebody whom this check suits, or does not suit, in one sentence.")
        template = "catalogue/blocks/suitability.html"
        preview_value = _("You have been tired for more than four weeks")


class SampleResultBlock(blocks.StructBlock):
    """One line of the drawn sample report: a number on its line (0 to 100), or a finding in words."""

    name = blocks.CharBlock(label=_("Biomarker"), max_length=80)
    value = blocks.CharBlock(
        label=_("Value with unit, or finding"), max_length=40, help_text=_("“24 ng/mL”, or “Not detected”.")
    )
    position = blocks.IntegerBlock(
        label=_("Position of the value"), required=False, min_value=0, max_value=100, help_text=ONLY_NUMBERS
    )
    low = blocks.IntegerBlock(
        label=_("Start of the usual range"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=ONLY_NUMBERS,
    )
    high = blocks.IntegerBlock(
        label=_("End of the usual range"), required=False, min_value=0, max_value=100, help_text=ONLY_NUMBERS
    )
    meaning = blocks.CharBlock(
        label=_("What it means"),
        required=False,
        max_length=60,
        help_text=_("Of a finding in words. What a number means is said by its line."),
    )

    def clean(self, value):
        """Raise ValidationError unless a number has its whole line and a finding in words none."""
        result = super().clean(value)
        places = {name: result[name] for name in ("position", "low", "high")}
        if is_number(result["value"]):
            wrong = [name for name, place in places.items() if place is None]
            message = _("A number needs its place and the usual range.")
        else:
            wrong = [name for name, place in places.items() if place is not None]
            message = _("A finding in words stands on no line: leave this empty.")
        if wrong:
            raise StructBlockValidationError({name: ValidationError(message) for name in wrong})
        return result

    class Meta:
        icon = "order"
        group = OFFER_GROUP
        label = _("Sample result")
        description = _(
            "An invented value on its number line, or a finding in words, for the drawn sample report."
        )
        template = "catalogue/blocks/sample_result.html"
        preview_value = {"name": "Ferritin", "value": "24 ng/mL", "position": 22, "low": 28, "high": 74}

    def get_context(self, value, parent_context=None):
        return {**super().get_context(value, parent_context), "results": [value]}
