"""An order's state as people read it: its status and its money together.

The status says what was done with an order, and "paid" stays true of it when the money has gone back. So no
screen, list, filter, count, page or file shows the status alone: it shows this, derived in one place.
"""

from typing import Any

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from shop.orders.models import Hold, HoldKind, Order, OrderStatus
from shop.payments.models import Payment, PaymentState
from shop.payments.models.disputes import Dispute, DisputeState
from shop.payments.models.refunds import Refund


class ShownState(models.TextChoices):
    AWAITING_PAYMENT = "awaiting_payment", _("Awaiting payment")
    PAID = "paid", _("Paid")
    PARTLY_REFUNDED = "partly_refunded", _("Partly refunded")
    HELD = "held", _("Held")
    REFUNDED = "refunded", _("Refunded")
    CHARGED_BACK = "charged_back", _("Taken back by the bank")
    DISPATCHED = "dispatched", _("Dispatched")
    DISPATCHED_UNPAID = "dispatched_unpaid", _("Dispatched, money gone back")
    CANCELLED = "cancelled", _("Cancelled")


# What the states are made from, so that a filter can use the index of the status.
STATUS_OF = {
    ShownState.AWAITING_PAYMENT: OrderStatus.AWAITING_PAYMENT,
    ShownState.PAID: OrderStatus.PAID,
    ShownState.PARTLY_REFUNDED: OrderStatus.PAID,
    ShownState.HELD: OrderStatus.PAID,
    ShownState.REFUNDED: OrderStatus.PAID,
    ShownState.CHARGED_BACK: OrderStatus.PAID,
    ShownState.DISPATCHED: OrderStatus.DISPATCHED,
    ShownState.DISPATCHED_UNPAID: OrderStatus.DISPATCHED,
    ShownState.CANCELLED: OrderStatus.CANCELLED,
}
# The buyer reads no reason why an order is kept here: it may be somebody else's complaint.
FOR_CUSTOMERS = {ShownState.HELD: _("Being checked"), ShownState.DISPATCHED_UNPAID: _("Dispatched")}
# Who packs looks for these: paid, and nothing keeps what is left of the order here.
TO_PACK = (ShownState.PAID, ShownState.PARTLY_REFUNDED)
# No kit will be sent, because nothing of the money is with the shop.
ENDED_UNSENT = frozenset({ShownState.REFUNDED, ShownState.CHARGED_BACK})


def customer_label(state: ShownState, *, is_free: bool) -> str:
    """Return the state as the buyer reads it; nobody has paid for an order that costs nothing."""
    if is_free and state == ShownState.PAID:
        return str(_("Accepted"))
    return str(FOR_CUSTOMERS.get(state, state.label))


def with_shown_state(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Return the orders with `shown_state`, a value of ShownState, without a query for each."""
    return orders.alias(arrived=_arrived(), given_back=_given_back(), lost=_lost()).annotate(
        shown_state=_expression()
    )


def in_shown_states(orders: QuerySet[Order], states: list[str]) -> QuerySet[Order]:
    """Return those of the orders that are shown in one of these states."""
    statuses = {STATUS_OF[ShownState(state)] for state in states}
    return with_shown_state(orders.filter(status__in=statuses)).filter(Q(("shown_state__in", states)))


def shown_state(order: Order) -> ShownState:
    """Return how the order stands now, by one query, and none where money decides nothing."""
    if order.status in {OrderStatus.AWAITING_PAYMENT, OrderStatus.CANCELLED}:
        return ShownState(order.status)
    row: Any = with_shown_state(Order.objects.filter(pk=order.pk)).only("status").get()
    return ShownState(row.shown_state)


def _expression() -> Case:
    holds = Hold.objects.standing().filter(order=OuterRef("pk"))
    is_paid, is_dispatched = Q(status=OrderStatus.PAID), Q(status=OrderStatus.DISPATCHED)
    # An order that costs nothing has no money to lose.
    is_gone = Q(arrived__gt=0, arrived__lte=F("given_back") + F("lost"))
    # What was paid beyond the total, because it was paid twice, may go back without making it less.
    is_less = Q(given_back__gt=0) & Q(given_back__gt=F("arrived") - F("total_amount"))
    return Case(
        When(is_dispatched & is_gone, then=Value(ShownState.DISPATCHED_UNPAID)),
        When(is_paid & Exists(holds.filter(kind=HoldKind.REFUNDED)), then=Value(ShownState.REFUNDED)),
        When(is_paid & is_gone, then=Value(ShownState.CHARGED_BACK)),
        When(is_paid & Exists(holds), then=Value(ShownState.HELD)),
        When(is_paid & is_less, then=Value(ShownState.PARTLY_REFUNDED)),
        default=F("status"),
        output_field=models.CharField(),
    )


def _arrived() -> Coalesce:
    payments = Payment.objects.filter(order=OuterRef("pk"), state=PaymentState.SUCCEEDED)
    return _sum(payments, "order", F("amount"))


def _given_back() -> Coalesce:
    """Sum what was given back or is promised."""
    refunds = Refund.objects.holding().filter(
        payment__order=OuterRef("pk"), payment__state=PaymentState.SUCCEEDED
    )
    return _sum(refunds, "payment__order", F("amount"))


def _lost() -> Coalesce:
    """Sum what banks keep, counted as the ledger does: in another currency it is all of the payment."""
    disputes = Dispute.objects.filter(
        payment__order=OuterRef("pk"), state=DisputeState.LOST, is_withdrawn=True
    )
    amount = Case(When(currency=F("payment__currency"), then=F("amount")), default=F("payment__amount"))
    return _sum(disputes, "payment__order", amount)


def _sum(rows: QuerySet, order: str, amount: F | Case) -> Coalesce:
    total = rows.order_by().values(order).annotate(total=Sum(amount)).values("total")
    return Coalesce(Subquery(total), 0)
