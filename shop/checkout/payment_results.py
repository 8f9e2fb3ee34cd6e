"""What the page after a payment says: by what came of the payment, and by what the order needs now."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shop.orders.models import Order, OrderStatus
from shop.orders.timeline import MONEY_TO_RETURN, TimelineKind
from shop.payments.ledger import payments_to_return
from shop.payments.models import PaymentState
from shop.payments.order_states import ENDED_UNSENT, ShownState, shown_state
from shop.payments.settling.sessions import Outcome, Settlement


@dataclass(frozen=True)
class PaymentResult:
    """What the page says for one outcome."""

    kind: str  # of the notice
    title: str | Promise
    text: str | Promise
    can_pay: bool = False
    refreshes: bool = False
    status: int = 200


RESULTS = {
    Outcome.PAID: PaymentResult(
        "success",
        _("Thank you. Your payment has arrived."),
        _("We have sent you an e-mail and pack your order next. You hear from us when it is on its way."),
    ),
    Outcome.PROCESSING: PaymentResult(
        "info",
        _("Your payment is on its way."),
        _(
            "Your bank has taken the order but has not sent the money yet. That can take from a minute to "
            "a few days. We write to you as soon as it is here. Please do not pay again."
        ),
        refreshes=True,
    ),
    Outcome.OPEN: PaymentResult(
        "info",
        _("You have not paid yet."),
        _("No money was taken. Your order is kept, and you can pay it now or later."),
        can_pay=True,
    ),
    Outcome.FAILED: PaymentResult(
        "warning",
        _("The payment did not go through."),
        _("Your bank or card did not send the money. Your order is kept, and you can pay another way."),
        can_pay=True,
    ),
    Outcome.EXPIRED: PaymentResult(
        "info",
        _("The time for this payment is over."),
        _("No money was taken. Your order is kept: you can start a new payment at the same price."),
        can_pay=True,
    ),
    Outcome.MISMATCH: PaymentResult(
        "warning",
        _("We are looking at your payment by hand."),
        _(
            "The payment does not fit your order, so nothing was settled automatically. Our staff have been "
            "told and will write to you. Please do not pay again."
        ),
    ),
    Outcome.SET_ASIDE: PaymentResult(
        "info",
        _("This payment was not used for your order."),
        _(
            "It did not fit what was ordered, so our staff took care of it. Your order is kept, and you can "
            "pay it again. Please write to us if money is missing."
        ),
        can_pay=True,
    ),
    Outcome.UNKNOWN: PaymentResult(
        "warning",
        _("We cannot find this payment."),
        _("The address may be incomplete. The link in your order e-mail leads to your order."),
        status=404,
    ),
}
UNKNOWN = RESULTS[Outcome.UNKNOWN]
KIT_SENT = PaymentResult(
    "success",
    _("Thank you. Your payment has arrived."),
    _("Your order is on its way. The e-mail about it has the tracking number."),
)
GIVEN_BACK = PaymentResult(
    "info",
    _("Your payment has arrived, and it goes back to you."),
    _("This order ends with a refund of all of your money. No kit will be sent."),
)
TAKEN_BACK = PaymentResult(
    "info",
    _("Your bank has taken the money back."),
    _("This order is not paid any more, so no kit will be sent. Please write to us if that surprises you."),
)
CHECKED = PaymentResult(
    "success",
    _("Thank you. Your payment has arrived."),
    _("We look at it before your order leaves, and write to you when it is on its way."),
)
# By the order's state: what is true of money that arrived and of an order that nothing was sent of.
BY_STATE = {
    ShownState.REFUNDED: GIVEN_BACK,
    ShownState.CHARGED_BACK: TAKEN_BACK,
    ShownState.HELD: CHECKED,
}
# Money that nobody ordered anything for. No mail tells the buyer of it.
PAID_TWICE = PaymentResult(
    "info",
    _("Your order was paid twice."),
    _(
        "This payment has arrived, but the order was paid already. You get this money back: our staff see to "
        "it, and you need do nothing. Please do not pay again."
    ),
)
PAID_AFTER_CANCELLATION = PaymentResult(
    "info",
    _("Your payment has arrived, but the order is cancelled."),
    _(
        "No kit will be sent. You get your money back: our staff see to it, and you need do nothing. "
        "Please do not pay again."
    ),
)
PAID_ALREADY = PaymentResult(
    "success",
    _("Your order is paid already."),
    _("No money was taken by this payment, and nothing is left to pay. Please do not pay again."),
)
ENDED = PaymentResult(
    "info",
    _("This order has ended."),
    _("No money was taken by this payment. What was paid for the order has gone back; no kit will be sent."),
)
CANCELLED = PaymentResult(
    "info",
    _("This order was cancelled."),
    _("No money was taken by this payment, and there is nothing to pay. No kit will be sent."),
)
# What is said of a payment that the order does not wait for; other payments took no money.
NOT_NEEDED = {
    Outcome.PROCESSING: PaymentResult(
        "info",
        _("Your payment is on its way, but it is not needed."),
        _(
            "The order was paid another way or cancelled meanwhile. When the money arrives, our staff send "
            "it back to you. Please do not pay again."
        ),
    ),
    Outcome.MISMATCH: RESULTS[Outcome.MISMATCH],
    Outcome.SET_ASIDE: PaymentResult(
        "info",
        _("This payment was not used for your order."),
        _(
            "It did not fit what was ordered, so our staff took care of it. Nothing is left to pay. Please "
            "write to us if money is missing."
        ),
    ),
}
# Another payment of the same order that must be waited for.
IN_FLIGHT = {
    PaymentState.PROCESSING: RESULTS[Outcome.PROCESSING],
    PaymentState.MISMATCHED: RESULTS[Outcome.MISMATCH],
}
UNREACHABLE = PaymentResult(
    "info",
    _("We cannot see yet whether you have paid."),
    _(
        "Our payment provider does not answer at the moment. If you have paid, nothing is lost: we ask again "
        "by ourselves and write to you. Please do not pay again."
    ),
    refreshes=True,
    status=503,
)
REFUSED = PaymentResult(
    "warning",
    _("We cannot see yet whether you have paid."),
    _(
        "Our payment provider tells us nothing about this payment. If you have paid, nothing is lost: our "
        "staff have been told and look for it. Please do not pay again."
    ),
    status=503,
)


def result_of(settlement: Settlement, session_id: str) -> PaymentResult:
    """Return what is true of this session's payment and of the order that it was made for."""
    order = settlement.order
    if order is None:
        return RESULTS[settlement.outcome]
    if settlement.outcome == Outcome.PAID:
        return _result_of_money(order, session_id)
    if order.status == OrderStatus.AWAITING_PAYMENT:
        return _result_of_unpaid(order, RESULTS[settlement.outcome])
    return NOT_NEEDED.get(settlement.outcome) or _result_of_ended(shown_state(order))


def _result_of_ended(state: ShownState) -> PaymentResult:
    if state == ShownState.CANCELLED:
        return CANCELLED
    return ENDED if state in ENDED_UNSENT else PAID_ALREADY


def _result_of_money(order: Order, session_id: str) -> PaymentResult:
    if order.status == OrderStatus.CANCELLED:
        return PAID_AFTER_CANCELLATION
    # One question about both, because hardly any order has such an entry.
    entries = list(order.timeline.filter(kind__in=[*MONEY_TO_RETURN, TimelineKind.HELD]))
    if order.payments.filter(session_id=session_id, pk__in=payments_to_return(entries)).exists():
        return PAID_TWICE
    if order.status == OrderStatus.DISPATCHED:
        return KIT_SENT
    if not any(entry.kind == TimelineKind.HELD for entry in entries):
        return RESULTS[Outcome.PAID]
    return BY_STATE.get(shown_state(order), RESULTS[Outcome.PAID])


def _result_of_unpaid(order: Order, result: PaymentResult) -> PaymentResult:
    if not result.can_pay:
        return result
    state = order.payments.filter(state__in=IN_FLIGHT).values_list("state", flat=True).first()
    return IN_FLIGHT[PaymentState(state)] if state else result
