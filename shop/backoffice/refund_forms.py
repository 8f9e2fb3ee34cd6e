"""How much of an order's money goes back, and why."""

from uuid import uuid4

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.core.money import MinorUnitsField, format_money
from shop.orders.models import Order, OrderLine
from shop.payments.ledger import NOTHING, Balance, line_amount, refunded_lines
from shop.payments.refund_requests import Wish, refund_needs_care


class RefundKind(models.TextChoices):
    FULL = "full", _("All that is left")
    AMOUNT = "amount", _("An amount")
    LINES = "lines", _("What was ordered, by line")


class RefundForm(forms.Form):
    """A refund of one payment. When it is valid, `wish` and `total` say what it comes to."""

    kind = forms.ChoiceField(
        label=_("What is given back"),
        choices=RefundKind.choices,
        widget=forms.RadioSelect,
        initial=RefundKind.AMOUNT,
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
        self.lines = {f"line_{line.pk}": line for line in order.lines.all() if self._left_of(line)}
        self.fields["amount"] = MinorUnitsField(
            label=_("Amount in %(currency)s") % {"currency": order.currency},
            currency=order.currency,
            required=False,
            help_text=_("At most %(money)s.") % {"money": balance.refundable_text},
        )
        for name, line in self.lines.items():
            self.fields[name] = self._line_field(line)
        if refund_needs_care(balance.payment.pk):
            self.fields["accepts_dispute"] = forms.BooleanField(
                label=_("I know that a dispute is open about this payment"),
                help_text=_("If the bank takes the money too, it goes back twice."),
            )
        self.order_fields(["kind", "amount", *self.lines, "reason", "accepts_dispute", "key"])

    def _left_of(self, line: OrderLine) -> int:
        return line.quantity - self.before.get(line.pk, NOTHING).quantity

    def _line_field(self, line: OrderLine) -> forms.IntegerField:
        left = self._left_of(line)
        worth = line_amount(line, left, before=self.before.get(line.pk, NOTHING))
        return forms.IntegerField(
            label=_("How many of %(name)s") % {"name": line.name},
            min_value=0,
            max_value=left,
            required=False,
            help_text=_("At most %(count)d, together %(money)s.")
            % {"count": left, "money": format_money(worth, self.order.currency)},
        )

    @property
    def total_text(self) -> str:
        """What goes back, in words."""
        return format_money(self.total, self.order.currency)

    @property
    def wish(self) -> Wish:
        """What a valid form asks for."""
        kind = self.cleaned_data["kind"]
        return Wish(
            reason=self.cleaned_data["reason"],
            amount=None if kind == RefundKind.LINES else self.total,
            quantities=self._quantities() if kind == RefundKind.LINES else None,
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
        elif kind == RefundKind.LINES and not self.errors.keys() & self.lines.keys():
            self.total = sum(
                line_amount(line, cleaned.get(name) or 0, before=self.before.get(line.pk, NOTHING))
                for name, line in self.lines.items()
            )
            self._check(next(iter(self.lines), "kind"))
        return cleaned

    def _check(self, field: str) -> None:
        """An error beside the field when the sum cannot be given back."""
        if not self.total:
            self.add_error(field, _("Please say how much."))
        elif self.total > self.balance.refundable:
            words = _("At most %(money)s is left.") % {"money": self.balance.refundable_text}
            self.add_error(field, words)

    def _quantities(self) -> dict[int, int]:
        return {line.pk: self.cleaned_data.get(name) or 0 for name, line in self.lines.items()}
