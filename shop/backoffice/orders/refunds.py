"""An order's money on its screen, and the buttons that give it back."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.views import generic

from cms.core.money import format_money
from cms.users.models import User
from shop.backoffice.confirming import OrderConfirmView
from shop.backoffice.orders.refund_form import RefundForm
from shop.orders.models import Order
from shop.payments.ledger import Balance, ledger_of
from shop.payments.models import Payment
from shop.payments.models.refunds import Refund, RefundState
from shop.payments.refund_requests import RefundRefused, request_refund, return_payment

VIEW_REFUND = "payments.view_refund"
ADD_REFUND = "payments.add_refund"


@dataclass(frozen=True)
class LedgerRow:
    """A movement of money; what leaves is below zero, what came to nothing is not counted."""

    what: str
    state: str
    money: str
    counts: bool
    when: datetime | None
    who: str
    note: str
    name: str  # Stripe's


@dataclass(frozen=True)
class RefundPanel:
    """The order's ledger, and what this person may give back."""

    rows: list[LedgerRow]
    balance: str
    may_refund: bool
    to_return: list[Balance]


def refund_panel(order: Order, user: User) -> RefundPanel | None:
    """Every movement of the order's money with the balance; None for who may not see refunds."""
    if not user.has_perm(VIEW_REFUND):
        return None
    ledger = ledger_of(order)
    may_add = user.has_perm(ADD_REFUND)
    waiting = [balance for balance in ledger.balances if balance.is_to_return and balance.refundable]
    return RefundPanel(
        rows=[row for balance in ledger.balances for row in _rows_of(balance)],
        balance=format_money(ledger.kept, order.currency),
        may_refund=may_add and ledger.of_the_order() is not None,
        to_return=waiting if may_add else [],
    )


def _rows_of(balance: Balance) -> list[LedgerRow]:
    payment = balance.payment
    rows = [
        LedgerRow(
            what=gettext("Paid, to be returned") if balance.is_to_return else gettext("Paid"),
            state=payment.get_state_display(),
            money=payment.amount_text,
            counts=True,
            when=payment.settled_at,
            who=gettext("Buyer"),
            note="",
            name=payment.payment_intent_id or "",
        ),
        *[_refund_row(refund) for refund in balance.refunds],
    ]
    if balance.disputed.gone:
        rows.append(
            LedgerRow(
                what=gettext("Taken by the bank"),
                state=gettext("Dispute lost") if balance.disputed.lost else gettext("Dispute not decided"),
                money=format_money(-balance.disputed.gone, payment.currency),
                counts=True,
                when=None,
                who=gettext("Bank"),
                note="",
                name="",
            )
        )
    return rows


def _refund_row(refund: Refund) -> LedgerRow:
    return LedgerRow(
        what=gettext("Refund"),
        state=str(refund.get_state_display()),
        money=format_money(-refund.amount, refund.currency),
        counts=not refund.is_undone,
        when=refund.created_at,
        who=str(refund.asked_by or refund.get_origin_display()),
        note=" · ".join(filter(None, [refund.reason, refund.failure_text])),
        name=refund.provider_id or "",
    )


class OrderRefundView(generic.InspectView):
    """Asks how much and why, shows what it comes to, and gives it back once that is confirmed."""

    page_title = _("Give money back")

    def get_context_data(self, **kwargs):
        _allowed(self.request)
        balance = ledger_of(self.object).of_the_order()
        form = kwargs.get("form")
        if form is None and balance:
            form = RefundForm(order=self.object, balance=balance)
        return {
            **super().get_context_data(**kwargs),
            "order": self.object,
            "form": form,
            "is_confirming": kwargs.get("is_confirming", False),
        }

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = _allowed(request)
        balance = ledger_of(self.object).of_the_order()
        if balance is None:
            return self._repeated(request, user) or self.render_to_response(
                self.get_context_data(), status=422
            )
        form = RefundForm(request.POST, order=self.object, balance=balance)
        if not form.is_valid():
            return self._repeated(request, user) or self._shown(form, status=422)
        if "change" in request.POST:
            return self._shown(form)
        # Somebody else may have given back meanwhile; then "all that is left" is another amount.
        if request.POST.get("confirmed") != str(form.total):
            return self._shown(form, is_confirming=True)
        try:
            refund = request_refund(self.object, form.refund_request, user=user, key=form.cleaned_data["key"])
        except RefundRefused as refusal:
            form.add_error(None, str(refusal))
            return self._shown(form, status=422)
        return _told(request, self.object, refund)

    def _shown(self, form: RefundForm, *, is_confirming: bool = False, status: int = 200) -> HttpResponse:
        context = self.get_context_data(form=form, is_confirming=is_confirming)
        return self.render_to_response(context, status=status)

    def _repeated(self, request: HttpRequest, user: User) -> HttpResponse | None:
        """The second click on the same form finds less money left: it is shown what the first one did."""
        key = RefundForm.base_fields["key"]
        same = Refund.objects.filter(payment__order=self.object, asked_by=user)
        try:
            refund = same.filter(idempotency_key=key.clean(request.POST.get("key"))).first()
        except ValidationError:
            return None
        return _told(request, self.object, refund) if refund else None


class ReturnPaymentView(OrderConfirmView):
    """Gives back a payment that nobody ordered anything for."""

    page_title = _("Return a payment")
    permission = ADD_REFUND
    yes = _("Yes, return the money")
    no = _("No, not now")

    @cached_property
    def balance(self) -> Balance | None:
        payment = get_object_or_404(Payment, pk=self.kwargs["payment_pk"], order=self.object)
        return ledger_of(self.object).of(payment.pk)

    def refusal(self) -> str:
        if self.balance is None or not self.balance.is_to_return:
            return gettext("This payment belongs to the order; give it back by the form.")
        return "" if self.balance.refundable else gettext("Nothing is left that could be refunded.")

    def consequence(self) -> str:
        money = self.balance.refundable_text if self.balance else ""
        return gettext(
            "%(money)s that nobody ordered anything for go back to the account or card that they came from. "
            "The customer gets a mail. Nobody can undo it."
        ) % {"money": money}

    def act(self, user: User) -> None:
        if refusal := self.refusal():
            messages.error(self.request, refusal)
            return
        payment = get_object_or_404(Payment, pk=self.kwargs["payment_pk"], order=self.object)
        try:
            refund = return_payment(payment, user=user)
        except RefundRefused as refused:
            messages.error(self.request, str(refused))
        else:
            _tell(self.request, refund)


def _told(request: HttpRequest, order: Order, refund: Refund) -> HttpResponseRedirect:
    _tell(request, refund)
    return redirect(reverse("orders:inspect", args=[order.pk]))


def _tell(request: HttpRequest, refund: Refund) -> None:
    """Says what came of it."""
    values = {"money": refund.amount_text}
    if refund.state == RefundState.SUCCEEDED:
        messages.success(request, _("%(money)s was returned.") % values)
    elif refund.state == RefundState.REQUESTED:
        messages.warning(
            request,
            _("Stripe did not answer. %(money)s is asked for again by itself; please do not repeat it.")
            % values,
        )
    elif refund.is_undone:
        messages.error(request, _("The refund of %(money)s failed. The money is with the shop.") % values)
    else:
        messages.success(
            request, _("%(money)s is on its way. The customer is told once it has left.") % values
        )


def _allowed(request: HttpRequest) -> User:
    if not isinstance(request.user, User) or not request.user.has_perm(ADD_REFUND):
        raise PermissionDenied
    return request.user
