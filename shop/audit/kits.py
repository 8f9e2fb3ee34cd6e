"""Kits against the lines they were bought by, the parcels they left in, and the money that went back."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from shop.audit.rules import Finding, Rule, order_of
from shop.orders.models import Kit, Order, OrderLine, OrderStatus, Shipment
from shop.payments.ledger import ledger_of
from shop.payments.refunded_kits import with_refunds


def kits_of_lines(now: datetime) -> Iterator[Finding]:
    """Check that a line has as many kits as were bought, each for a person and in its order's parcel."""
    lines = OrderLine.objects.order_by().annotate(made=Count("kits")).exclude(made=F("quantity"))
    for code, sku, quantity, made in lines.values_list("order__code", "sku", "quantity", "made").iterator():
        yield Finding(order_of(code), f"{quantity} of {sku} were bought, it has {made} kits")
    kits = Kit.objects.order_by().values_list("line__order__code", "pk")
    for code, kit in kits.exclude(person__order=F("line__order")).iterator():
        yield Finding(order_of(code), f"kit {kit} is for a person of another order")
    for code, kit in kits.exclude(shipment=None).exclude(shipment__order=F("line__order")).iterator():
        yield Finding(order_of(code), f"kit {kit} left in the parcel of another order")


def parcels(now: datetime) -> Iterator[Finding]:
    """Check that what is dispatched has left with every kit that was to be sent, and nothing else has."""
    shipments = Shipment.objects.filter(order=OuterRef("pk"))
    orders = Order.objects.order_by().values_list("code", flat=True)
    for code in orders.filter(~Exists(shipments), status=OrderStatus.DISPATCHED).iterator():
        yield Finding(order_of(code), "dispatched without a parcel")
    for code in orders.filter(Exists(shipments)).exclude(status=OrderStatus.DISPATCHED).iterator():
        yield Finding(order_of(code), "a parcel has left, but it is not dispatched")
    left = Kit.objects.to_send().filter(line__order=OuterRef("pk"))
    for code in orders.filter(Exists(left), status=OrderStatus.DISPATCHED).iterator():
        yield Finding(order_of(code), "dispatched, and a kit that is paid has not left")
    for code in Shipment.objects.filter(kits=None).values_list("order__code", flat=True).iterator():
        yield Finding(order_of(code), "a parcel has no kit")


def void_kits(now: datetime) -> Iterator[Finding]:
    """Check that a kit whose money goes back is never sent, and no other is kept back."""
    unsent = with_refunds(Kit.objects.filter(shipment=None)).select_related("line__order").order_by("pk")
    for kit in unsent.filter(Q(is_refunded=True), voided_at=None).iterator():
        yield Finding(order_of(kit.line.order.code), f"kit {kit.pk} was given back and could still be sent")
    # Void by no refund of its own: only where all of the order's money goes back.
    for kit in unsent.filter(Q(is_refunded=False)).exclude(voided_at=None).iterator():
        if not ledger_of(kit.line.order).is_all_refunded:
            yield Finding(order_of(kit.line.order.code), f"kit {kit.pk} is void, and its money is kept")


RULES = (
    Rule(
        "kits-of-lines",
        _("An order has too few or too many kits"),
        "compare the order's page with its lines; a kit must not be packed before",
        kits_of_lines,
    ),
    Rule(
        "parcels",
        _("A parcel and its order differ"),
        "ask who packed it; send what is missing or give its money back",
        parcels,
    ),
    Rule(
        "void-kits",
        _("A kit and its refund differ"),
        "compare the order's refunds with Stripe's dashboard; do not send the kit before",
        void_kits,
    ),
)
