from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from cms.core.currencies import CURRENCIES, currency_of, to_decimal
from cms.core.money import MinorUnitsField, currency_choices
from shop.catalogue import stock
from shop.catalogue.models import MIN_PRICE_AMOUNT, Package


class PackageForm(WagtailAdminModelForm):
    """Shows and takes the price in major units of the currency that is chosen beside it."""

    price_amount = MinorUnitsField(label=_("Price"))
    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=currency_choices,
        help_text=_("Health checks in different currencies cannot be paid together."),
    )
    # Asked only where a new currency came with the old number: 99 dollars are not 99 yen.
    is_price_meant = forms.BooleanField(label=_("The price is meant in the new currency"), required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.price_before = (self.instance.price_amount, self.instance.currency) if self.instance.pk else None
        if self.price_before is None:
            self.initial["currency"] = Package.objects.usual_currency()
        if "price_amount" in self.fields:
            self._take_price_in(self._chosen_currency())
        if "stock_quantity" in self.fields:
            # Orders count the number down while the form is open: only what staff changed is written.
            self.fields["stock_quantity"].show_hidden_initial = True
        if not self.is_bound:
            del self.fields["is_price_meant"]

    def clean(self) -> dict:
        cleaned = super().clean()
        is_asked = not cleaned.get("is_price_meant") and self._has_old_number(cleaned)
        if is_asked:
            words = _("It is the same number as before, in another currency. Change the price, or tick this.")
            self.add_error("is_price_meant", words)
        else:
            del self.fields["is_price_meant"]
        return cleaned

    @transaction.atomic
    def save(self, commit: bool = True) -> Package:
        """Return the package; its stock stays as the orders left it unless another number was entered."""
        if commit and self.instance.pk and "stock_quantity" not in self.changed_data:
            self.instance.stock_quantity = stock.locked_quantity(self.instance.pk)
        elif commit and self.instance.pk and self.instance.stock_quantity is None:
            stock.lift_limit(self.instance.pk)
        return super().save(commit)

    def _chosen_currency(self) -> str:
        chosen = self.data.get(self.add_prefix("currency"), "") if self.is_bound else self.initial["currency"]
        return chosen if chosen in CURRENCIES else self.instance.currency

    def _has_old_number(self, cleaned: dict) -> bool:
        amount, currency = cleaned.get("price_amount"), cleaned.get("currency")
        if self.price_before is None or amount is None or currency in (None, self.price_before[1]):
            return False
        return to_decimal(amount, currency) == to_decimal(*self.price_before)

    def _take_price_in(self, code: str) -> None:
        currency = currency_of(code)
        self.fields["price_amount"] = MinorUnitsField(
            currency=code,
            label=_("Price"),
            help_text=_("What is charged from now on. Orders keep the price they were placed at."),
            min_value=to_decimal(max(currency.smallest, currency.rounded_up(MIN_PRICE_AMOUNT)), code),
        )
