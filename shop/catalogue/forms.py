from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from cms.core.money import MinorUnitsField


class PackageForm(WagtailAdminModelForm):
    """Shows and takes the price in major units of the package's own currency."""

    # Stripe refuses less than half a dollar.
    price_amount = MinorUnitsField(label=_("Price"), min_value=Decimal("0.50"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "price_amount" in self.fields:
            self._show_price_in(self.instance.currency)

    def _show_price_in(self, currency: str) -> None:
        price = self.fields["price_amount"]
        replacement = MinorUnitsField(
            currency=currency,
            label=_("Price in %(currency)s") % {"currency": currency},
            help_text=_("What is charged from now on. Orders keep the price they were placed at."),
            min_value=price.min_value,
        )
        self.fields["price_amount"] = replacement
