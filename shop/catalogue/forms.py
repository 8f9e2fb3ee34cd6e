from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from cms.core.money import MinorUnitsField
from shop.catalogue import stock
from shop.catalogue.models import Package


class PackageForm(WagtailAdminModelForm):
    """Shows and takes the price in major units of the package's own currency."""

    # Stripe refuses less than half a dollar.
    price_amount = MinorUnitsField(label=_("Price"), min_value=Decimal("0.50"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "price_amount" in self.fields:
            self._show_price_in(self.instance.currency)
        if "stock_quantity" in self.fields:
            # Orders count the number down while the form is open: only what staff changed is written.
            self.fields["stock_quantity"].show_hidden_initial = True

    @transaction.atomic
    def save(self, commit: bool = True) -> Package:
        """The package; its stock stays as the orders left it unless another number was entered."""
        if commit and self.instance.pk and "stock_quantity" not in self.changed_data:
            self.instance.stock_quantity = stock.locked_quantity(self.instance.pk)
        return super().save(commit)

    def _show_price_in(self, currency: str) -> None:
        price = self.fields["price_amount"]
        replacement = MinorUnitsField(
            currency=currency,
            label=_("Price in %(currency)s") % {"currency": currency},
            help_text=_("What is charged from now on. Orders keep the price they were placed at."),
            min_value=price.min_value,
        )
        self.fields["price_amount"] = replacement
