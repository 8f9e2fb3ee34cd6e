from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.typed.fields import EmailField, IdentityField, LineField
from shop.orders.models import OrderNote


class DispatchForm(forms.Form):
    """Which parcel leaves."""

    carrier = LineField(
        label=_("Carrier"),
        max_length=60,
        widget=forms.TextInput(attrs={"list": "carriers", "autocomplete": "off"}),
    )
    tracking_number = IdentityField(
        label=_("Tracking number"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class NoteForm(forms.ModelForm):
    """What staff want each other to know about an order."""

    class Meta:
        model = OrderNote
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"text": _("Only staff see it. Nobody can change it afterwards.")}


class ResendForm(forms.Form):
    """To whom a mail goes once more: left empty, to the same address."""

    recipient = EmailField(
        label=_("Recipient"),
        required=False,
        max_length=254,
        help_text=_("Correct a mistyped address here. The order keeps its own."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    # A form that is sent twice sends one mail.
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
