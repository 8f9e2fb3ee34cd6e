"""The forms on an order's screen and on the pages of its actions."""

from collections import Counter
from uuid import uuid4

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.core.money import MinorUnitsField, format_money
from cms.typed.fields import CodeField, IdentityField, LineField
from shop.backoffice.orders.display import kit_display
from shop.orders.models import Kit, Order, OrderNote
from shop.payments.ledger import NOTHING, Balance, ledger_of, line_amount, refunded_lines
from shop.payments.refund_requests import RefundRequest, refund_needs_care
from shop.payments.refunded_kits import refunded_kit_ids
from shop.privacy.erasure import ErasureCause


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


class ReleaseForm(forms.Form):
    """Why an order may leave all the same."""

    reason = forms.CharField(
        label=_("Why it may leave"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It is kept as a note on the order, with your name."),
    )


class ErasureForm(forms.Form):
    """Two things that nobody gets right by a slip of the hand: the order's code, and why."""

    code = CodeField(
        label=_("Order code"),
        help_text=_("Type the code of this order."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    cause = forms.ChoiceField(
        label=_("Reason"), choices=[("", "–"), *ErasureCause.choices], widget=forms.Select
    )

    def __init__(self, *args, order: Order, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        if order.erased_at:
            del self.fields["cause"]  # the timeline says it once, for the first time

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if code != self.order.code:
            raise forms.ValidationError(_("This is not the code of this order."))
        return code


class RefundKind(models.TextChoices):
    KITS = "kits", _("Kits: those that have not left are not sent any more")
    AMOUNT = "amount", _("An amount: every kit stays part of the order")
    FULL = "full", _("All that is left: once nothing remains, no kit is sent any more")


class RefundForm(forms.Form):
    """A refund of one payment. When it is valid, `refund_request` and `total` say what it comes to."""

    kind = forms.ChoiceField(
        label=_("What is given back"),
        choices=RefundKind.choices,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only staff see it."),
    )
    # A form that is sent twice gives back once.
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args, order: Order, balance: Balance, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        self.balance = balance
        self.total = 0
        self.before = refunded_lines(order)
        self.kits = _kits_left(order)
        self.fields["amount"] = MinorUnitsField(
            label=_("Amount in %(currency)s") % {"currency": order.currency},
            currency=order.currency,
            required=False,
            help_text=_("At most %(money)s.") % {"money": balance.refundable_text},
        )
        self.fields["kits"] = forms.TypedMultipleChoiceField(
            label=_("Kits"),
            choices=[(pk, self._kit_label(kit)) for pk, kit in self.kits.items()],
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": _("The money of one of these kits goes back already.")},
        )
        if refund_needs_care(balance.payment.pk):
            self.fields["accepts_dispute"] = forms.BooleanField(
                label=_("I know that a dispute is open about this payment"),
                help_text=_("If the bank takes the money too, it goes back twice."),
            )
        self.order_fields(["kind", "kits", "amount", "reason", "accepts_dispute", "key"])

    def _kit_label(self, kit: Kit) -> str:
        """Return which kit it is, what it costs, and whether it has left."""
        worth = line_amount(kit.line, 1, before=self.before.get(kit.line_id, NOTHING))
        values = {"kit": kit_display(kit), "money": format_money(worth, self.order.currency)}
        return (_("%(kit)s, %(money)s, has left") if kit.shipment_id else _("%(kit)s, %(money)s")) % values

    def _total_of_kits(self, chosen: list[int]) -> int:
        counts = Counter(self.kits[pk].line for pk in chosen)
        return sum(
            line_amount(line, count, before=self.before.get(line.pk, NOTHING))
            for line, count in counts.items()
        )

    @property
    def total_text(self) -> str:
        """What goes back, with its currency."""
        return format_money(self.total, self.order.currency)

    @property
    def chosen_kits(self) -> list[str]:
        """The labels of a valid form's kits; none for an amount."""
        return [self._kit_label(self.kits[pk]) for pk in self.refund_request.kits or []]

    @property
    def stopped_kits(self) -> list[str]:
        """The other kits, that are not sent any more because a valid form leaves nothing paid."""
        ledger = ledger_of(self.order)
        if ledger.refunded + self.total < ledger.paid:
            return []
        kits = (
            Kit.objects.filter(line__order=self.order)
            .to_send()
            .exclude(pk__in=self.refund_request.kits or [])
        )
        return [
            kit_display(kit)
            for kit in kits.order_by("person__position", "pk").select_related("line", "person")
        ]

    @property
    def refund_request(self) -> RefundRequest:
        """What a valid form asks for."""
        kind = self.cleaned_data["kind"]
        return RefundRequest(
            reason=self.cleaned_data["reason"],
            amount=None if kind == RefundKind.KITS else self.total,
            kits=self.cleaned_data["kits"] if kind == RefundKind.KITS else None,
            payment_id=self.balance.payment.pk,
            accepts_dispute=self.cleaned_data.get("accepts_dispute", False),
        )

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        if kind == RefundKind.FULL:
            self.total = self.balance.refundable
        elif kind == RefundKind.AMOUNT and "amount" not in self.errors:
            self.total = cleaned.get("amount") or 0
            self._check("amount")
        elif kind == RefundKind.KITS and "kits" not in self.errors:
            self.total = self._total_of_kits(cleaned.get("kits") or [])
            self._check("kits")
        return cleaned

    def _check(self, field: str) -> None:
        """Add an error beside the field when the sum cannot be given back."""
        if not self.total:
            self.add_error(field, _("Please choose.") if field == "kits" else _("Please say how much."))
        elif self.total > self.balance.refundable:
            message = _("At most %(money)s is left.") % {"money": self.balance.refundable_text}
            self.add_error(field, message)


def _kits_left(order: Order) -> dict[int, Kit]:
    """Return the kits whose money is not given back by name yet, sent ones too, by primary key."""
    kits = Kit.objects.filter(line__order=order).exclude(pk__in=refunded_kit_ids(order))
    return {kit.pk: kit for kit in kits.order_by("person__position", "pk").select_related("line", "person")}
