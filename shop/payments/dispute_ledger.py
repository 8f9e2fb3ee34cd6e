"""What disputes take from the money that an order brought."""

from dataclasses import dataclass
from typing import cast

from shop.orders.models import Order
from shop.payments.models import Payment
from shop.payments.models.disputes import Dispute, DisputeState


@dataclass(frozen=True)
class DisputedAmount:
    """Of one payment, in minor units of its currency."""

    withdrawn: int = 0  # the bank has taken it and not decided yet
    lost: int = 0

    @property
    def gone(self) -> int:
        """What is not with the shop now, and cannot be paid back again."""
        return self.withdrawn + self.lost


def disputed_amounts(order: Order) -> dict[int, DisputedAmount]:
    """What is not with the shop, by the payment's primary key; payments without a dispute are left out.

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
    """Whether Stripe takes no refund of this payment because of a dispute, as it said when last asked.

    Its documentation names two cases: none while a chargeback is open, and a full refund ends an inquiry
    (https://docs.stripe.com/disputes/how-disputes-work). Of the others each dispute tells by itself.
    """
    return Dispute.objects.filter(payment_id=payment_id, is_refundable=False).exists()


def _in_payment_currency(dispute: Dispute, payment: Payment) -> int:
    """A bank may count in another currency, where an exact part is unknown: then it is all of the payment."""
    return dispute.amount if dispute.currency == payment.currency else payment.amount
