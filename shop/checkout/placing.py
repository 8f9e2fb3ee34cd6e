"""From a basket and its details to an order that can be paid.

A double click, the back button or a second tab make no second order: the basket remembers its order. While
that is unpaid and nothing changed it is paid on; when something changed it is cancelled and a new one placed.
"""

from django.db import transaction

from shop.checkout.models import Basket, BasketLine
from shop.checkout.summary import BasketSummary, summarise
from shop.orders.models import Actor, Order, OrderStatus
from shop.orders.placing import DiscountRequest, LineRequest, OrderDetails, place_order
from shop.orders.transitions import TransitionRefused
from shop.payments import cancelling

ATTEMPTS = 3
COMPARED_FIELDS = (
    "email",
    "buyer_name",
    "phone",
    "recipient_name",
    "address_line_1",
    "address_line_2",
    "city",
    "region",
    "postal_code",
    "country",
)


class BasketChanged(Exception):
    """The basket is empty, holds something withdrawn, or is not what the form showed. Nothing was ordered."""


class PaidMeanwhile(Exception):
    """The basket's order was paid, or its payment is on its way, while the form was open."""

    def __init__(self, order: Order) -> None:
        super().__init__(order.code)
        self.order = order


def order_for(basket: Basket, details: OrderDetails, shown_prices: str) -> Order:
    """Return the unpaid order of this basket with these details: the one it has, or a new one.

    `shown_prices` is what the form showed (BasketSummary.prices). Raise BasketChanged, PaidMeanwhile,
    refusals.OrderRefused, and gateway.PaymentUnavailable or PaymentRefused (Stripe must be asked before an
    order is replaced).
    """
    for _attempt in range(ATTEMPTS):
        with transaction.atomic():
            # The row alone: what is joined to it would come from before the wait for the lock.
            locked = Basket.objects.select_for_update().filter(pk=basket.pk).first()
            if locked is None:
                raise BasketChanged
            summary = summarise(locked)
            if not summary.is_ready or summary.prices != shown_prices:
                raise BasketChanged
            previous = locked.order
            if previous is None or previous.status == OrderStatus.CANCELLED:
                return _place(locked, summary, details)
            if previous.status != OrderStatus.AWAITING_PAYMENT:
                raise PaidMeanwhile(previous)
            if _is_same(previous, summary, details):
                return previous
        # Stripe is asked outside the transaction, then the basket is looked at again.
        _cancel(previous)
    raise BasketChanged


def _place(basket: Basket, summary: BasketSummary, details: OrderDetails) -> Order:
    order = place_order(
        details,
        [
            LineRequest(
                package=item.package,
                quantity=item.quantity,
                origin_page_id=item.origin_page_id,
                expected_amount=item.package.price_amount,
            )
            for item in summary.sold
        ],
        _discount(summary),
        basket_key=basket.pk,
    )
    basket.order = order
    basket.save(update_fields=["order", "updated_at"])
    for item in summary.sold:
        if item.price_before:
            BasketLine.objects.filter(pk=item.pk).update(
                seen_amount=item.package.price_amount, seen_currency=item.package.currency
            )
    return order


def _discount(summary: BasketSummary) -> DiscountRequest | None:
    if summary.discount is None:
        return None
    return DiscountRequest(summary.discount.code.code, expected_amount=summary.discount.amount)


def withdraw(order: Order) -> None:
    """End an order for which Stripe takes no payment, so that none is left that nobody can pay.

    Raise PaidMeanwhile, gateway.PaymentUnavailable and PaymentRefused.
    """
    _cancel(order, Actor.SYSTEM)


def _cancel(order: Order, actor: Actor = Actor.BUYER) -> None:
    try:
        is_cancelled = cancelling.cancel_unpaid(order.pk, actor=actor)
    except TransitionRefused as refusal:
        order.refresh_from_db()
        if order.status == OrderStatus.CANCELLED:
            return
        raise PaidMeanwhile(order) from refusal
    if not is_cancelled:
        raise PaidMeanwhile(order)


def _is_same(order: Order, summary: BasketSummary, details: OrderDetails) -> bool:
    ordered = {(line.package_id, line.quantity, line.unit_amount) for line in order.lines.all()}
    wanted = {(item.package.pk, item.quantity, item.package.price_amount) for item in summary.sold}
    packages = [item.package.pk for item in summary.sold]
    people = [
        (person.name, person.date_of_birth, person.sex_at_birth, person.package_ids)
        for person in order.people.prefetch_related("kits__line")
    ]
    return (
        ordered == wanted
        and {order.currency} == {item.package.currency for item in summary.sold}
        and order.discount_amount == summary.discount_amount
        and order.discount_code == (summary.discount.code.code if summary.discount else "")
        and people
        == [
            (person.name, person.date_of_birth, person.sex_at_birth, person.among(packages))
            for person in details.people
        ]
        and all(getattr(order, name) == getattr(details, name) for name in COMPARED_FIELDS)
        and set(order.consents.values_list("text_id", flat=True)) == set(details.consent_text_ids)
    )
