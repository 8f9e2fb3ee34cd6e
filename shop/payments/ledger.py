"""The balance of an order, derived from its payments, refunds and disputes. Nothing of it is stored.

Under the order's lock it stays true until the transaction ends. The order's state is another thing: a
dispatched order may have no money left, a cancelled one may have money to return.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

from cms.core.currencies import currency_of
from cms.core.money import format_money
from shop.orders.models import Order, OrderLine, TimelineEntry
from shop.orders.timeline import MONEY_TO_RETURN
from shop.payments.models import Payment, PaymentState
from shop.payments.models.disputes import Dispute, DisputeState
from shop.payments.models.refunds import Refund, RefundLine, RefundState


@dataclass(frozen=True)
class DisputedAmount:
    """Of one payment, in minor units of its currency."""

    withdrawn: int = 0  # the bank has taken it and not decided yet
    lost: int = 0

    @property
    def gone(self) -> int:
        """What is not with the shop now, and cannot be paid back again."""
        return self.withdrawn + self.lost


@dataclass(frozen=True)
class Balance:
    """One payment's money, in minor units of its currency."""

    payment: Payment
    refunds: list[Refund]
    disputed: DisputedAmount
    is_to_return: bool  # nobody ordered anything for it

    @property
    def paid(self) -> int:
        return self.payment.amount

    @property
    def refunded(self) -> int:
        """What was given back or is promised."""
        return sum(refund.amount for refund in self.refunds if not refund.is_undone)

    @property
    def returned(self) -> int:
        """What Stripe has given back."""
        return sum(refund.amount for refund in self.refunds if refund.state == RefundState.SUCCEEDED)

    @property
    def kept(self) -> int:
        """What remains with the shop; below zero where a bank took back what was returned before."""
        return self.paid - self.refunded - self.disputed.gone

    @property
    def refundable(self) -> int:
        """The most that can be given back."""
        return max(0, self.kept)

    @property
    def refundable_text(self) -> str:
        return format_money(self.refundable, self.payment.currency)


@dataclass(frozen=True)
class RefundedLine:
    """How many of an order's line were given back or are promised, and for how much in minor units."""

    quantity: int = 0
    amount: int = 0


NOTHING = RefundedLine()


@dataclass(frozen=True)
class Ledger:
    """The money of an order, payment by payment, oldest first. Only money that arrived counts."""

    balances: list[Balance] = field(default_factory=list)

    @property
    def paid(self) -> int:
        return sum(balance.paid for balance in self.balances)

    @property
    def refunded(self) -> int:
        return sum(balance.refunded for balance in self.balances)

    @property
    def returned(self) -> int:
        return sum(balance.returned for balance in self.balances)

    @property
    def disputed(self) -> int:
        return sum(balance.disputed.gone for balance in self.balances)

    @property
    def kept(self) -> int:
        """What remains with the shop."""
        return sum(balance.kept for balance in self.balances)

    @property
    def is_all_refunded(self) -> bool:
        """Whether money arrived and all of it was given back or is promised."""
        return bool(self.paid) and self.refunded >= self.paid

    def of(self, payment_id: int) -> Balance | None:
        """Return one payment's part; None when no money came by it."""
        return next((balance for balance in self.balances if balance.payment.pk == payment_id), None)

    def of_the_order(self) -> Balance | None:
        """Return the payment that the order was paid by, as long as something of it can be given back."""
        ordered = (balance for balance in self.balances if not balance.is_to_return)
        return next((balance for balance in ordered if balance.refundable), None)

    def largest_refundable(self) -> Balance | None:
        """Return the payment of which the most can be given back, the oldest of equals."""
        return max(self.balances, key=lambda balance: balance.refundable, default=None)


def ledger_of(order: Order) -> Ledger:
    """Return the order's money now."""
    payments = [payment for payment in order.payments.all() if payment.state == PaymentState.SUCCEEDED]
    if not payments:
        return Ledger()
    refunds = defaultdict(list)
    for refund in Refund.objects.filter(payment__in=payments).select_related("asked_by"):
        refunds[refund.payment_id].append(refund)
    disputed = disputed_amounts(order)
    to_return = payments_to_return(order.timeline.all())
    return Ledger(
        [
            Balance(
                payment,
                refunds[payment.pk],
                disputed.get(payment.pk, DisputedAmount()),
                is_to_return=payment.pk in to_return,
            )
            for payment in payments
        ]
    )


def disputed_amounts(order: Order) -> dict[int, DisputedAmount]:
    """Return what banks have taken, by the payment's primary key; payments without a dispute are left out.

    Derived from the rows, never stored. Under the order's lock it stays true until the transaction ends.
    """
    amounts: dict[int, DisputedAmount] = {}
    rows = Dispute.objects.filter(payment__order=order, is_withdrawn=True).select_related("payment")
    for dispute in rows:
        payment = cast(Payment, dispute.payment)  # the order's, see the filter
        known = amounts.get(payment.pk, DisputedAmount())
        taken = _in_payment_currency(dispute, payment)
        is_lost = dispute.state == DisputeState.LOST
        amounts[payment.pk] = DisputedAmount(
            withdrawn=known.withdrawn + (0 if is_lost else taken),
            lost=known.lost + (taken if is_lost else 0),
        )
    return amounts


def refund_is_blocked(payment_id: int) -> bool:
    """Return whether Stripe takes no refund of this payment because of a dispute, as it said when last asked.

    Its documentation names two cases: none while a chargeback is open, and a full refund ends an inquiry
    (https://docs.stripe.com/disputes/how-disputes-work). Of the others each dispute tells by itself.
    """
    return Dispute.objects.filter(payment_id=payment_id, is_refundable=False).exists()


def _in_payment_currency(dispute: Dispute, payment: Payment) -> int:
    """Return the disputed amount; all of the payment where the bank counts in another currency."""
    return dispute.amount if dispute.currency == payment.currency else payment.amount


def payments_to_return(entries: Iterable[TimelineEntry]) -> set[int]:
    """Return the payments that nobody ordered anything for, by these entries of an order's timeline."""
    to_return = (entry.data for entry in entries if entry.kind in MONEY_TO_RETURN)
    return {data["payment"] for data in to_return if "payment" in data}


def returned_text(order: Order) -> str:
    """Return what has gone back to the buyer, in words; empty when nothing has."""
    refunds = Refund.objects.filter(payment__order=order, state=RefundState.SUCCEEDED)
    returned = sum(refunds.values_list("amount", flat=True))
    return format_money(returned, order.currency) if returned else ""


def refunded_lines(order: Order) -> dict[int, RefundedLine]:
    """Return what of each line was given back or is promised, by the line's primary key."""
    lines: dict[int, RefundedLine] = {}
    for part in RefundLine.objects.filter(line__order=order).select_related("refund"):
        if not part.refund.is_undone:
            before = lines.get(part.line_id, NOTHING)
            lines[part.line_id] = RefundedLine(before.quantity + part.quantity, before.amount + part.amount)
    return lines


def line_amount(line: OrderLine, quantity: int, *, before: RefundedLine) -> int:
    """Return what so many of a line cost, after others were given back, in minor units, discount included.

    That is what the running sum holds beyond the amounts before, so the parts of a line add up to what was
    paid for it, also when one of them failed and its place was taken by the next.
    """
    if not quantity:
        return 0
    return _share(line, before.quantity + quantity) - before.amount


def _share(line: OrderLine, quantity: int) -> int:
    share = line.payable_amount * quantity // line.quantity
    # A whole line is what was paid for it, whatever its last digits.
    return share if quantity == line.quantity else currency_of(line.order.currency).rounded_down(share)
