"""Payments, refunds and disputes against the orders they are for."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from shop.audit.orders import PAID
from shop.audit.rules import Finding, Rule, order_of
from shop.orders.models import Hold, HoldKind, Order, OrderLine, OrderStatus, TimelineEntry
from shop.orders.timeline import MONEY_TO_RETURN
from shop.payments.models import Payment, PaymentState
from shop.payments.models.disputes import CLOSED, Dispute
from shop.payments.models.refunds import Refund, RefundLine, RefundState

# A request that Stripe did not answer is asked again every few minutes.
ANSWERED_WITHIN = timedelta(days=1)


def counted(rows: QuerySet) -> Coalesce:
    """Return how many of these rows, which name the order by OuterRef, an order has."""
    one = rows.order_by().values("order").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(one, output_field=IntegerField()), 0)


def paid_orders(now: datetime) -> Iterator[Finding]:
    """Check that an order is paid exactly when its money came; what came too much is noted to be returned."""
    money = Payment.objects.filter(order=OuterRef("pk"), state=PaymentState.SUCCEEDED)
    returns = TimelineEntry.objects.filter(order=OuterRef("pk"), kind__in=MONEY_TO_RETURN)
    orders = Order.objects.annotate(money=counted(money), returns=counted(returns)).order_by()
    needed = orders.filter(status__in=PAID, total_amount__gt=0)
    for row in needed.exclude(money=F("returns") + 1).values("code", "status", "money", "returns").iterator():
        yield Finding(
            order_of(row["code"]),
            f"{row['status']}: {row['money']} payments, {row['returns']} of them noted to be returned",
        )
    others = orders.exclude(status__in=PAID, total_amount__gt=0).exclude(money=F("returns"))
    for row in others.values("code", "status", "money", "returns").iterator():
        yield Finding(
            order_of(row["code"]),
            f"{row['status']}: {row['money']} payments, only {row['returns']} noted to be returned",
        )


def payments_of_orders(now: datetime) -> Iterator[Finding]:
    """Check that what came is what the order costs, in its currency."""
    payments = Payment.objects.filter(state=PaymentState.SUCCEEDED).order_by()
    differing = payments.exclude(amount=F("order__total_amount"), currency=F("order__currency"))
    for row in differing.values("pk", "amount", "currency", "order__code", "order__total_amount").iterator():
        yield Finding(
            order_of(row["order__code"]),
            f"payment {row['pk']} brought {row['amount']} {row['currency']} of {row['order__total_amount']}",
        )


def refunds_of_payments(now: datetime) -> Iterator[Finding]:
    """Check that no more goes back than came, where money came, in its currency, and Stripe was asked."""
    holding = Refund.objects.holding().order_by()
    sums = holding.values("payment", "payment__amount", "payment__order__code").annotate(back=Sum("amount"))
    for row in sums.filter(back__gt=F("payment__amount")).iterator():
        yield Finding(
            order_of(row["payment__order__code"]),
            f"{row['back']} go back of a payment of {row['payment__amount']}",
        )
    rows = holding.values("pk", "currency", "payment__currency", "payment__state", "payment__order__code")
    wrong = Q(payment__state__in=[PaymentState.CREATED, PaymentState.OPEN]) | ~Q(
        currency=F("payment__currency")
    )
    for row in rows.filter(wrong).iterator():
        yield Finding(
            order_of(row["payment__order__code"]),
            f"refund {row['pk']} in {row['currency']} of a payment that is {row['payment__state']} in "
            f"{row['payment__currency']}",
        )
    unanswered = rows.filter(state=RefundState.REQUESTED, created_at__lt=now - ANSWERED_WITHIN)
    for row in unanswered.iterator():
        yield Finding(
            order_of(row["payment__order__code"]), f"refund {row['pk']} was never answered by Stripe"
        )


def parts_of_refunds(now: datetime) -> Iterator[Finding]:
    """Check that a refund's parts add up to it, and a line's to no more than was bought and paid."""
    sums = RefundLine.objects.order_by().values_list(
        "refund__payment__order__code", "refund", "refund__amount"
    )
    summed = sums.annotate(parts=Sum("amount")).exclude(parts=F("refund__amount"))
    for code, refund, amount, parts in summed.iterator():
        yield Finding(order_of(code), f"refund {refund} of {amount} has parts of {parts}")
    holding = RefundLine.objects.filter(refund__in=Refund.objects.holding()).order_by()
    counted_lines = holding.values_list("line__order__code", "line", "line__quantity").annotate(
        number=Sum("quantity")
    )
    for code, line, bought, number in counted_lines.filter(number__gt=F("line__quantity")).iterator():
        yield Finding(order_of(code), f"{number} of line {line} go back, {bought} were bought")
    foreign = holding.exclude(line__order=F("refund__payment__order"))
    for code, refund in foreign.values_list("refund__payment__order__code", "refund").iterator():
        yield Finding(order_of(code), f"refund {refund} names a line of another order")


def wholly_refunded(now: datetime) -> Iterator[Finding]:
    """Check that an order whose money has all gone back has nothing that could be packed."""
    came = _sum(Payment.objects.filter(order=OuterRef("pk"), state=PaymentState.SUCCEEDED), "order")
    holding = Refund.objects.holding().filter(
        payment__order=OuterRef("pk"), payment__state=PaymentState.SUCCEEDED
    )
    orders = Order.objects.filter(status=OrderStatus.PAID, holds__isnull=True).annotate(
        came=came, back=_sum(holding, "payment__order")
    )
    to_send = OrderLine.objects.filter(order=OuterRef("pk"), kits__shipment=None, kits__voided_at=None)
    packed = orders.filter(Exists(to_send), came__gt=0, back__gte=F("came"))
    for code in packed.order_by().values_list("code", flat=True).iterator():
        yield Finding(order_of(code), "all of its money went back, and it can be dispatched")


def _sum(rows: QuerySet, field: str) -> Coalesce:
    one = rows.order_by().values(field).annotate(sum=Sum("amount")).values("sum")
    return Coalesce(Subquery(one, output_field=BigIntegerField()), 0)


def disputes(now: datetime) -> Iterator[Finding]:
    """Check that a dispute that is not decided has held its order back, at least until staff let it go."""
    held = Hold.objects.filter(order=OuterRef("payment__order"), kind=HoldKind.DISPUTE)
    undecided = Dispute.objects.undecided().exclude(payment=None)
    for row in undecided.filter(~Exists(held)).values("provider_id", "payment__order__code").iterator():
        yield Finding(
            order_of(row["payment__order__code"]), f"dispute {row['provider_id']} never held it back"
        )
    for row in Dispute.objects.filter(state__in=CLOSED, closed_at=None).values("provider_id", "state"):
        yield Finding(f"dispute {row['provider_id']}", f"{row['state']}, but it has no day of its end")


RULES = (
    Rule(
        "paid-orders",
        _("An order's status and its money differ"),
        "run `manage.py reconcile_payments`, then compare with Stripe's dashboard; return what is too much",
        paid_orders,
    ),
    Rule(
        "payments-of-orders",
        _("A payment is not what its order costs"),
        "compare with Stripe's dashboard; return the difference or the payment",
        payments_of_orders,
    ),
    Rule(
        "refunds-of-payments",
        _("A refund and its payment differ"),
        "run `manage.py reconcile_payments`, then compare with Stripe's dashboard",
        refunds_of_payments,
    ),
    Rule(
        "parts-of-refunds",
        _("The parts of a refund do not add up"),
        "compare the refund's correction; correct the parts",
        parts_of_refunds,
    ),
    Rule(
        "wholly-refunded",
        _("An order could leave although all of its money went back"),
        "do not pack it; note a hold, or correct the refunds",
        wholly_refunded,
    ),
    Rule(
        "disputes",
        _("A dispute and its order differ"),
        "run `manage.py reconcile_payments`; do not pack the order before",
        disputes,
    ),
)
