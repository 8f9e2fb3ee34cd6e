"""The form in which staff write a discount code."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from cms.core.currencies import currency_of, to_decimal
from cms.core.money import MinorUnitsField
from cms.typed.text import clean_word_code
from shop.catalogue.models import Package


class DiscountCodeForm(WagtailAdminModelForm):
    """Takes the fixed amount in major units, of a currency that packages are priced in."""

    amount = MinorUnitsField(required=False)
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"), help_text=gettext_lazy("Of the fixed amount.")
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.initial["currency"] = self.instance.currency or Package.objects.usual_currency()
        self.amount_currency = self._chosen_currency(self._currencies())
        self.fields["amount"] = MinorUnitsField(
            currency=self.amount_currency,
            label=_("Fixed amount")
            if "currency" in self.fields
            else _("Fixed amount in %(currency)s") % {"currency": self.amount_currency},
            required=False,
            min_value=to_decimal(currency_of(self.amount_currency).step, self.amount_currency),
            help_text=_("Taken off once from the whole order. Give this or a percentage."),
        )

    def _currencies(self) -> list[str]:
        priced = Package.objects.available().order_by().values_list("currency", flat=True).distinct()
        return sorted({*priced, self.initial["currency"]})

    def _chosen_currency(self, currencies: list[str]) -> str:
        """Return the currency of the amount, which is asked for only where there is a choice."""
        if len(currencies) == 1:
            del self.fields["currency"]
            return currencies[0]
        self.fields["currency"].choices = [(code, code) for code in currencies]
        chosen = self.data.get(self.add_prefix("currency")) if self.is_bound else None
        return chosen if chosen in currencies else self.initial["currency"]

    def clean_code(self) -> str:
        return clean_word_code(self.cleaned_data["code"])

    def clean(self) -> dict:
        cleaned = super().clean()
        percentage, amount = cleaned.get("percentage"), cleaned.get("amount")
        if percentage is not None and amount is not None:
            self.add_error("amount", _("Give a percentage or a fixed amount, not both."))
        elif percentage is None and amount is None and not {"percentage", "amount"} & set(self.errors):
            self.add_error("percentage", _("Give a percentage or a fixed amount."))
        self.instance.currency = self.amount_currency if amount is not None else ""
        if "currency" in self.fields:
            cleaned["currency"] = self.instance.currency
        return cleaned
