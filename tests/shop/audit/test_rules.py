"""Each rule finds the fault that it is there for, and nothing in a sound shop, whatever happened in it."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from shop.audit.books import RULES, audit
from shop.audit.orders import double_orders
from shop.catalogue.models import Package, StockReservation
from shop.discounts.models import DiscountUse
from shop.mail.models import OutboxMail
from shop.orders import transitions
from shop.orders.holds import place_hold
from shop.orders.models import (
    Actor,
    Hold,
    HoldKind,
    Kit,
    Order,
    OrderLine,
    Shipment,
    TestedPerson,
    TimelineEntry,
)
from shop.payments.models import Dispute, Payment, PaymentState, Refund, RefundLine
from shop.receipts.models import Receipt, ReceiptCounter
from tests.factories.shop import make_code, make_payment
from tests.shop.payments.conftest import begin_payment

pytestmark = pytest.mark.django_db


def of(model, **conditions):
    """Rows to plant a fault in by an update, where the shop's own functions would refuse it."""
    return model.objects.filter(**conditions)


def order(shop, name: str):
    return of(Order, pk=getattr(shop, name).pk)


def ago(**time):
    return timezone.now() - timedelta(**time)


def entry(shop, kind: str, **data):
    TimelineEntry.objects.create(order=shop.paid, kind=kind, actor="system", data=data)


def hold_stock(shop, reference: str):
    StockReservation.objects.create(package=shop.package, order_reference=reference, quantity=1)


def let_leave(shop):
    of(Hold, order=shop.all_refunded).delete()
    of(Kit, line__order=shop.all_refunded).update(voided_at=None)


PLANTED = [
    ("sums-of-orders", lambda s: order(s, "paid").update(total_amount=1)),
    ("sums-of-orders", lambda s: s.waiting.lines.get().delete()),
    ("sums-of-orders", lambda s: s.paid.lines.update(discount_amount=1)),
    ("amounts-of-lines", lambda s: s.paid.lines.update(discount_amount=99_999)),
    ("amounts-of-lines", lambda s: s.paid.lines.update(tax_amount=99_999)),
    ("amounts-of-lines", lambda s: order(s, "sent").update(currency="ISK")),
    ("statuses", lambda s: order(s, "paid").update(paid_at=None)),
    ("statuses", lambda s: order(s, "waiting").update(paid_at=timezone.now())),
    ("statuses", lambda s: s.sent.timeline.filter(kind="dispatched").delete()),
    ("statuses", lambda s: entry(s, "paid")),
    ("settled-once", lambda s: entry(s, "paid_twice", payment=s.paid.payments.get().pk)),
    ("double-orders", lambda s: begin_payment(s.place("waiting"))),
    ("double-orders", lambda s: of(Order, pk__in=[s.won.pk, s.disputed.pk]).update(basket_key=7)),
    ("kits-of-lines", lambda s: of(Kit, line__order=s.paid).delete()),
    ("kits-of-lines", lambda s: of(Kit, line__order=s.paid).update(person=s.waiting.people.get())),
    ("kits-of-lines", lambda s: of(Kit, line__order=s.paid).update(shipment=s.sent.shipments.get())),
    ("parcels", lambda s: s.sent.shipments.all().delete()),
    ("parcels", lambda s: Shipment.objects.create(order=s.paid, carrier="DHL", tracking_number="3")),
    ("parcels", lambda s: of(Kit, pk=s.sent.lines.get().kits.first().pk).update(shipment=None)),
    ("void-kits", lambda s: of(Kit, line__order=s.part_refunded, shipment=None).update(voided_at=None)),
    ("void-kits", lambda s: of(Kit, line__order=s.paid).update(voided_at=timezone.now())),
    ("paid-orders", lambda s: of(Payment, order=s.paid).update(state="failed")),
    ("paid-orders", lambda s: of(Payment, order=s.waiting).update(state="succeeded")),
    ("paid-orders", lambda s: s.twice.timeline.filter(kind__startswith="paid").delete()),
    ("payments-of-orders", lambda s: of(Payment, order=s.paid).update(amount=5)),
    ("payments-of-orders", lambda s: of(Payment, order=s.paid).update(currency="EUR")),
    ("refunds-of-payments", lambda s: of(Refund, payment__order=s.all_refunded).update(amount=99_999)),
    ("refunds-of-payments", lambda s: of(Payment, order=s.all_refunded).update(state="open")),
    (
        "refunds-of-payments",
        lambda s: of(Refund, amount=100).update(state="requested", created_at=ago(days=2)),
    ),
    ("parts-of-refunds", lambda s: RefundLine.objects.update(amount=1)),
    ("parts-of-refunds", lambda s: RefundLine.objects.update(quantity=9)),
    ("parts-of-refunds", lambda s: RefundLine.objects.update(line=s.paid.lines.get())),
    ("wholly-refunded", let_leave),
    ("disputes", lambda s: of(Hold, order=s.disputed).delete()),
    ("disputes", lambda s: of(Dispute, state="won").update(closed_at=None)),
    ("stock-reservations", lambda s: hold_stock(s, s.paid.reference)),
    ("stock-reservations", lambda s: hold_stock(s, "order:GONE")),
    ("stock-reservations", lambda s: StockReservation.objects.update(quantity=4)),
    ("uses-of-codes", lambda s: of(DiscountUse, order_reference=s.paid.reference).update(state="reserved")),
    ("uses-of-codes", lambda s: DiscountUse.objects.all().delete()),
    (
        "uses-of-codes",
        lambda s: of(DiscountUse, order_reference=s.paid.reference).update(order_reference="order:GONE"),
    ),
    ("receipt-numbers", lambda s: of(Receipt, order=s.lost).update(number=f"{timezone.now():%Y}-000099")),
    ("receipt-numbers", lambda s: ReceiptCounter.objects.update(last_number=99)),
    ("receipts-of-orders", lambda s: of(Receipt, order=s.paid).update(order=s.waiting)),
    (
        "sums-of-documents",
        lambda s: of(Receipt, order=s.paid).update(data={"total_amount": 1, "taxes": []}),
    ),
    ("sums-of-documents", lambda s: s.paid.lines.update(tax_amount=1)),
    (
        "corrections",
        lambda s: of(Receipt, order=s.part_refunded, kind="correction").update(
            data={"total_amount": 0, "taxes": []}
        ),
    ),
    ("mails-of-orders", lambda s: of(OutboxMail, reference=s.waiting.reference).delete()),
    ("mails-of-orders", lambda s: of(OutboxMail, kind="order_paid").delete()),
    ("mails-of-orders", lambda s: of(OutboxMail, kind="order_dispatched").delete()),
    ("mails-of-orders", lambda s: of(OutboxMail, kind="order_refunded").delete()),
    (
        "waiting-mails",
        lambda s: OutboxMail.objects.update(created_at=ago(days=9), next_attempt_at=ago(days=4)),
    ),
    ("waiting-mails", lambda s: OutboxMail.objects.update(state="sent")),
]
AT_STRIPE = [
    ("stripe-payments", lambda s: of(Payment, order=s.paid).update(session_id="cs_test_other")),
    ("stripe-payments", lambda s: of(Payment, order=s.paid).update(state="open")),
    ("stripe-payments", lambda s: of(Payment, order=s.paid).update(amount=5)),
    ("stripe-payments", lambda s: of(Payment, order=s.paid).update(order=s.sent)),
    ("stripe-payments", lambda s: of(Payment, order=s.waiting).update(state="succeeded")),
    ("stripe-refunds", lambda s: Refund.objects.update(amount=5)),
    ("stripe-refunds", lambda s: of(Refund, amount=100).update(provider_id="re_1")),
    ("stripe-refunds", lambda s: s.provider.refund(s.session_of(s.paid), 9)),
    ("stripe-disputes", lambda s: of(Dispute, state="lost").update(state="won")),
    ("stripe-disputes", lambda s: s.provider.dispute(s.session_of(s.paid))),
]


def one_by_one(faults):
    """Each fault with its number; it is taken back before the next, so that one shop is enough for all."""
    for number, (rule, plant) in enumerate(faults):
        with transaction.atomic():
            yield number, rule, plant
            transaction.set_rollback(True)


def test_a_sound_shop_adds_up_and_each_planted_fault_is_found(shop, found):
    assert found() == {}
    for number, rule, plant in one_by_one(PLANTED):
        plant(shop)
        assert rule in found(), number
    assert found() == {}
    assert {rule for rule, _plant in PLANTED} == {rule.name for rule in RULES}


def test_what_stripe_says_otherwise_is_found(shop, found):
    assert found(at_stripe=True) == {}
    # What is changed at the stand-in itself stays there: such a fault is the last of its rule.
    for number, rule, plant in one_by_one(AT_STRIPE):
        plant(shop)
        assert rule in found(at_stripe=True), number


def test_who_orders_the_same_again_later_or_for_others_is_no_double(shop, found):
    again = shop.buy("paid")
    of(Order, pk=again.pk).update(created_at=again.created_at + timedelta(hours=1))
    other = shop.buy("sent", quantity=2)
    of(TestedPerson, order=other, position=1).update(name="Somebody else")
    assert found() == {}


def place_until(shop, outcome: str, name: str) -> Order:
    """Make an order of which this has become."""
    placed = shop.place(name, code="GIFT" if outcome == "free" else "SPRING")
    if outcome in {"open", "abandoned"}:
        state = {"open": PaymentState.OPEN, "abandoned": PaymentState.EXPIRED}[outcome]
        make_payment(placed, state=state, payment_intent_id=None)
    elif outcome == "cancelled":
        transitions.cancel_unpaid(placed.pk, actor=Actor.BUYER)
    elif outcome != "free":
        payment = make_payment(placed)
        transitions.apply(placed.pk, transitions.Action.PAY, actor=Actor.STRIPE)
        if outcome == "sent":
            transitions.dispatch(placed.pk, "DHL", "4", shop.packer)
        elif outcome == "refunded":
            place_hold(placed, HoldKind.REFUNDED)
        elif outcome == "charged back":
            Dispute.objects.create(
                provider_id=f"dp_{placed.code}",
                payment=payment,
                amount=payment.amount,
                currency=payment.currency,
                state="lost",
                is_withdrawn=True,
                opened_at=timezone.now(),
            )
    return placed


def test_only_what_is_paid_or_open_twice_is_a_double(quiet_shop):
    """What may have become of two orders that one buyer placed within moments."""
    make_code("GIFT", percentage=100)
    Package.objects.update(stock_quantity=None)
    outcomes = ("paid", "sent", "free", "open", "abandoned", "refunded", "charged back", "cancelled")
    pairs = [pair for outcome in outcomes for pair in (("paid", outcome), (outcome, "paid"))][1:]
    pairs += [("open", "open"), ("open", "abandoned"), ("abandoned", "open"), ("free", "free")]
    expected = {}
    for first, second in pairs:
        name = f"{first}-{second}".replace(" ", "-")
        earlier, later = (place_until(quiet_shop, outcome, name) for outcome in (first, second))
        is_double = {first, second} <= {"paid", "sent", "open"} or (first, second) == ("free", "free")
        if is_double:
            expected[f"order {later.code}"] = f"the same as order {earlier.code}, moments later"
    assert {each.subject: each.what for each in double_orders(timezone.now())} == expected


def test_a_rule_that_fails_stops_no_other(quiet_shop, monkeypatch):
    OrderLine.objects.update(tax_amount=1)
    some = [rule for rule in RULES if rule.name in ("statuses", "sums-of-documents")]
    monkeypatch.setattr("shop.audit.orders._without_trace", lambda: 1 / 0)
    result = {rule.name: findings for rule, findings in audit(some).items()}
    assert "could not be checked: ZeroDivisionError" in result["statuses"][0].what
    assert result["sums-of-documents"]
