"""An order's money on its screen, and the buttons that give it back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from cms.core.money import format_money
from cms.users.models import User
from shop.backoffice.orders.forms import RefundForm
from shop.backoffice.permissions import ADD_REFUND, VIEW_REFUND
from shop.backoffice.staff_actions import ActionPageView, ConfirmView, Outcome, staff_user
from shop.orders.models import Order
from shop.payments.ledger import Balance, ledger_of
from shop.payments.models import Payment
from shop.payments.models.refunds import Refund, RefundState
from shop.payments.refund_requests import RefundRefused, request_refund, return_payment


@dataclass(frozen=True)
class LedgerRow:
    """A movement of money; what leaves is below zero, what came to nothing is not counted."""

    kind: str
    state: str
    amount: str
    is_counted: bool
    created_at: datetime | None
    actor: str
    note: str
    provider_id: str


@dataclass(frozen=True)
class RefundPanel:
    """The order's ledger, and what this person may give back."""

    rows: list[LedgerRow]
    balance: str
    may_refund: bool
    to_return: list[Balance]


def refund_panel(order: Order, user: User) -> RefundPanel | None:
    """Return every movement of the order's money with the balance; None for who may not see refunds."""
    if not user.has_perm(VIEW_REFUND):
        return None
    ledger = ledger_of(order)
    may_add = user.has_perm(ADD_REFUND)
    waiting = [balance for balance in ledger.balances if balance.is_to_return and balance.refundable]
    return RefundPanel(
        rows=[row for balance in ledger.balances for row in _ledger_rows(balance)],
        balance=format_money(ledger.kept, order.currency),
        may_refund=may_add and ledger.of_the_order() is not None,
        to_return=waiting if may_add else [],
    )


def _ledger_rows(balance: Balance) -> list[LedgerRow]:
    payment = balance.payment
    rows = [
        LedgerRow(
            kind=gettext("Paid, to be returned") if balance.is_to_return else gettext("Paid"),
            state=payment.get_state_display(),
            amount=payment.amount_text,
            is_counted=True,
            created_at=payment.settled_at,
            actor=gettext("Buyer"),
            note="",
            provider_id=payment.payment_intent_id or "",
        ),
        *[_refund_row(refund) for refund in balance.refunds],
    ]
    if balance.disputed.gone:
        rows.append(
            LedgerRow(
                kind=gettext("Taken by the bank"),
                state=gettext("Dispute lost") if balance.disputed.lost else gettext("Dispute not decided"),
                amount=format_money(-balance.disputed.gone, payment.currency),
                is_counted=True,
                created_at=None,
                actor=gettext("Bank"),
                note="",
                provider_id="",
            )
        )
    return rows


def _refund_row(refund: Refund) -> LedgerRow:
    return LedgerRow(
        kind=gettext("Refund"),
        state=str(refund.get_state_display()),
        amount=format_money(-refund.amount, refund.currency),
        is_counted=not refund.is_undone,
        created_at=refund.created_at,
        actor=str(refund.asked_by or refund.get_origin_display()),
        note=" · ".join(filter(None, [refund.reason, refund.failure_text])),
        provider_id=refund.provider_id or "",
    )


class OrderRefundView(ActionPageView):
    """Asks how much and why, shows what it comes to, and gives it back once that is confirmed."""

    page_title = _("Give money back")
    template_name = "backoffice/orders/refund.html"
    action_permission = ADD_REFUND

    def get_action_form(self, data: Any = None) -> RefundForm | None:
        """Return the form; None where nothing is left that could be given back."""
        balance = ledger_of(self.object).of_the_order()
        return RefundForm(data, order=self.object, balance=balance) if balance else None

    def get_context_data(self, **kwargs):
        return {
            **super().get_context_data(**kwargs),
            "order": self.object,
            "form": kwargs["form"] if "form" in kwargs else self.get_action_form(),
            "is_confirming": kwargs.get("is_confirming", False),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = staff_user(request, self.action_permission)
        form = self.get_action_form(request.POST)
        if form is None or not form.is_valid():
            # The second click on the same form finds less money left: it is shown what the first one did.
            earlier = self._earlier_refund(user)
            return self.finish(_outcome(earlier)) if earlier else self.form_invalid(form)
        if "change" in request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        # Somebody else may have given back meanwhile; then "all that is left" is another amount.
        if request.POST.get("confirmed") != str(form.total):
            return self.render_to_response(self.get_context_data(form=form, is_confirming=True))
        try:
            refund = request_refund(self.object, form.refund_request, user=user, key=form.cleaned_data["key"])
        except RefundRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return self.finish(_outcome(refund))

    def _earlier_refund(self, user: User) -> Refund | None:
        """Return the refund that this person's form with the same key has made."""
        try:
            key = RefundForm.base_fields["key"].clean(self.request.POST.get("key"))
        except ValidationError:
            return None
        refunds = Refund.objects.filter(payment__order=self.object, asked_by=user)
        return refunds.filter(idempotency_key=key).first()


class ReturnPaymentView(ConfirmView):
    """Gives back a payment that nobody ordered anything for."""

    page_title = _("Return a payment")
    action_permission = ADD_REFUND
    refusals = (RefundRefused,)
    confirm_label = _("Yes, return the money")
    cancel_label = _("No, not now")

    @cached_property
    def payment(self) -> Payment:
        return get_object_or_404(Payment, pk=self.kwargs["payment_pk"], order=self.object)

    @cached_property
    def balance(self) -> Balance | None:
        return ledger_of(self.object).of(self.payment.pk)

    @property
    def refusal(self) -> str:
        if self.balance is None or not self.balance.is_to_return:
            return gettext("This payment belongs to the order; give it back by the form.")
        return "" if self.balance.refundable else gettext("Nothing is left that could be refunded.")

    @property
    def confirmation_message(self) -> str:
        money = self.balance.refundable_text if self.balance else ""
        return gettext(
            "%(money)s that nobody ordered anything for go back to the account or card that they came from. "
            "The customer gets a mail. Nobody can undo it."
        ) % {"money": money}

    def perform(self, user: User, form: Any) -> Outcome:
        if self.refusal:
            return Outcome(self.refusal, messages.error)
        return _outcome(return_payment(self.payment, user=user))


def _outcome(refund: Refund) -> Outcome:
    """Return what is said about a refund as it stands."""
    values = {"money": refund.amount_text}
    if refund.state == RefundState.SUCCEEDED:
        return Outcome(_("%(money)s was returned.") % values)
    if refund.state == RefundState.REQUESTED:
        message = _("Stripe did not answer. %(money)s is asked for again by itself; please do not repeat it.")
        return Outcome(message % values, messages.warning)
    if refund.is_undone:
        message = _("The refund of %(money)s failed. The money is with the shop.")
        return Outcome(message % values, messages.error)
    return Outcome(_("%(money)s is on its way. The customer is told once it has left.") % values)
