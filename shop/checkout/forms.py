"""The questions of the details page. Nothing is asked that the order does not need."""

from collections.abc import Iterable
from typing import Self, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from cms.typed.fields import CodeField, EmailField, IdentityField, LineField, PhoneField, WordCodeField
from shop.checkout.access.confirmation import knows_date_of_birth, knows_email
from shop.checkout.addresses import POSTAL_CODE, REGION, rules_of
from shop.checkout.dates import DateOfBirthField
from shop.checkout.summary import BasketSummary
from shop.discounts.models import MAX_CODE_LENGTH
from shop.orders.models import ConsentKind, ConsentText, Order


class QuantityField(forms.IntegerField):
    """For how many people."""

    def __init__(self, **kwargs) -> None:
        words = _("Choose between 1 and %(most)s people.") % {"most": settings.MAX_QUANTITY}
        names = ("required", "invalid", "min_value", "max_value")
        super().__init__(
            min_value=1,
            max_value=settings.MAX_QUANTITY,
            error_messages=dict.fromkeys(names, words),
            **kwargs,
        )


class QuantityForm(forms.Form):
    """For how many people a package is put into the basket."""

    quantity = QuantityField()


class QuantitiesForm(forms.Form):
    """For how many people each of the basket's lines is; a line that was not sent is left out."""

    def __init__(self, data: QueryDict, *, line_ids: Iterable[int]) -> None:
        super().__init__(data)
        for line_id in line_ids:
            if f"quantity-{line_id}" in data:
                self.fields[f"quantity-{line_id}"] = QuantityField()

    def typed(self) -> dict[int, int]:
        """Return the number for each line by its key. Only after `is_valid`."""
        return {int(name.rpartition("-")[2]): number for name, number in self.cleaned_data.items()}


class DiscountCodeForm(forms.Form):
    """The basket's field for a discount code."""

    use_required_attribute = False  # the form's other buttons need no code

    code = WordCodeField(
        label=_("Discount code"),
        max_length=MAX_CODE_LENGTH,
        error_messages={
            "required": _("Enter a code."),
            "max_length": _("This code is not valid. Please check how it is written."),
        },
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    @classmethod
    def showing(cls, summary: BasketSummary) -> Self:
        """Return the form as the basket has it: with what is wrong with its code, if something is."""
        if not summary.discount_problem:
            return cls()
        form = cls({"code": summary.discount_code})
        form.add_error("code", summary.discount_problem)
        return form


class ReachableEmailValidator(EmailValidator):
    """Takes what Stripe and a mail server can use: no localhost, and no address of a machine in brackets."""

    domain_allowlist: list[str] = []

    def validate_domain_part(self, domain_part: str) -> bool:
        return bool(self.domain_regex.match(domain_part))


class CustomerEmailField(EmailField):
    """An address that mails and the payment page can be made out to."""

    default_validators = [ReachableEmailValidator()]


class ContactForm(forms.Form):
    """Who buys."""

    buyer_name = LineField(
        label=_("Your full name"),
        max_length=150,
        error_messages={"required": _("Enter your name.")},
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = CustomerEmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_(
            "We send the order and the tracking number here. The subject lines name no health topic."
        ),
        error_messages={
            "required": _("Enter your e-mail address."),
            "invalid": _("Enter an e-mail address in the form name@example.com."),
        },
        widget=forms.EmailInput({"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
    )
    phone = PhoneField(
        label=_("Telephone number"),
        required=False,
        help_text=_("For the courier, and for a clinician's call about a result that matters."),
        error_messages={"invalid": _("Enter a telephone number with its area code, or leave this empty.")},
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )

    def __init__(self, *args, country: str = "", **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if country in settings.SHIPPING_COUNTRIES:
            phone = cast(PhoneField, self.fields["phone"])
            # A number without a country's prefix is read as one of the country of delivery.
            phone.region = country


class AddressForm(forms.Form):
    """Where the kit goes."""

    recipient_name = LineField(
        label=_("Name on the parcel"),
        max_length=150,
        required=False,
        help_text=_("Leave this empty to use your own name. The parcel is plain and names no health topic."),
        widget=forms.TextInput({"autocomplete": "shipping name"}),
    )
    address_line_1 = LineField(
        label=_("Street and house number"),
        max_length=150,
        error_messages={"required": _("Enter the street and house number.")},
        widget=forms.TextInput({"autocomplete": "shipping address-line1"}),
    )
    address_line_2 = LineField(
        label=_("Flat, floor or company"),
        max_length=150,
        required=False,
        widget=forms.TextInput({"autocomplete": "shipping address-line2"}),
    )
    city = LineField(
        label=_("Town or city"),
        max_length=100,
        error_messages={"required": _("Enter the town or city.")},
        widget=forms.TextInput({"autocomplete": "shipping address-level2"}),
    )
    region = LineField(
        label=REGION,
        max_length=100,
        error_messages={"required": _("Enter the state or region: parcels to this country need it.")},
        widget=forms.TextInput({"autocomplete": "shipping address-level1"}),
    )
    postal_code = IdentityField(
        label=POSTAL_CODE,
        max_length=20,
        help_text=_("You may call it ZIP code, postcode or Eircode."),
        error_messages={"required": _("Enter the postal code.")},
        widget=forms.TextInput({"autocomplete": "shipping postal-code", "spellcheck": "false"}),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=lambda: [(code, countries.name(code)) for code in settings.SHIPPING_COUNTRIES],
        help_text=_("We send kits to these countries."),
        error_messages={
            "required": _("Choose a country."),
            "invalid_choice": _("Choose a country from the list."),
        },
        widget=forms.Select({"autocomplete": "shipping country"}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.data.get("country") or self.initial.get("country")
        rules = rules_of(str(chosen or settings.SHIPPING_COUNTRIES[0]))
        region, postal_code = self.fields["region"], self.fields["postal_code"]
        region.required, postal_code.required = rules.needs_region, rules.needs_postal_code
        if chosen:
            region.label, postal_code.label = str(rules.region_word), str(rules.postal_code_word)
            postal_code.help_text = ""

    def clean(self) -> dict:
        data = super().clean() or self.cleaned_data
        rules = rules_of(data.get("country", ""))
        if (typed := data.get("postal_code")) and not self._keep("postal_code", rules.postal_code(typed)):
            self.add_error("postal_code", rules.what_codes_look_like())
        if (typed := data.get("region")) and not self._keep("region", rules.region(typed)):
            self.add_error("region", rules.what_regions_look_like())
        return data

    def _keep(self, name: str, written: str | None) -> bool:
        if written is not None:
            self.cleaned_data[name] = written
        return written is not None


MISSING_CONSENTS = {
    ConsentKind.TERMS: _("Accept the terms of sale to go on."),
    ConsentKind.HEALTH_DATA: _("Agree to the use of health data: without it we may not test a sample."),
    ConsentKind.TRUTH: _("Confirm that age and details are true."),
}


class ConsentForm(forms.Form):
    """What somebody agrees to, in the exact words that are recorded."""

    def __init__(self, *args, texts: list[ConsentText], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts
        for text in texts:
            self.fields[f"consent-{text.pk}"] = forms.BooleanField(
                label=text.text, error_messages={"required": MISSING_CONSENTS[ConsentKind(text.kind)]}
            )


class ConfirmationForm(forms.Form):
    """One of the two answers that show whose order it is. Which one was wrong is not told."""

    question = ""

    def is_right_for(self, order: Order) -> bool:
        """Return whether a valid form holds what the order knows; say so beside its field otherwise."""
        is_right = self.knows(order)
        if not is_right:
            [answer] = self.fields
            self.add_error(
                answer,
                _("This does not belong to this order. Check it, or answer with the other one of the two."),
            )
        return is_right

    def knows(self, order: Order) -> bool:
        raise NotImplementedError


class EmailConfirmationForm(ConfirmationForm):
    question = "email"

    email = EmailField(
        label=_("E-mail address of the order"),
        max_length=254,
        error_messages={
            "required": _("Enter the e-mail address that you ordered with."),
            "invalid": _("Enter an e-mail address in the form name@example.com."),
        },
        widget=forms.EmailInput({"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
    )

    def knows(self, order: Order) -> bool:
        return knows_email(order, self.cleaned_data["email"])


class BirthConfirmationForm(ConfirmationForm):
    question = "birth"

    date_of_birth = DateOfBirthField(
        label=_("Date of birth of somebody who is tested"), help_text=_("For example 27 March 1984.")
    )

    def knows(self, order: Order) -> bool:
        return knows_date_of_birth(order, self.cleaned_data["date_of_birth"])


CONFIRMATIONS = {form.question: form for form in (EmailConfirmationForm, BirthConfirmationForm)}


NOT_A_CODE = _("This cannot be an order code: it has letters from A to Z and figures only.")


class FindOrderForm(forms.Form):
    """What somebody still has who lost the link to their order."""

    code = CodeField(
        label=_("Order code"),
        max_length=20,
        help_text=_("Eight letters and figures that stand in each of our e-mails and on the receipt."),
        error_messages={"required": _("Enter the order code."), "max_length": NOT_A_CODE},
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    email = EmailField(
        label=_("E-mail address of the order"),
        max_length=254,
        help_text=_("The link goes to this address and to no other."),
        error_messages={
            "required": _("Enter the e-mail address that you ordered with."),
            "invalid": _("Enter an e-mail address in the form name@example.com."),
        },
        widget=forms.EmailInput({"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if not code.isascii():
            raise ValidationError(NOT_A_CODE, code="invalid")
        return code
