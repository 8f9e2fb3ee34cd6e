"""A shop after many refunds, disputes and cancellations, whose books add up: for tampering with."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from cms.users.models import User
from shop.audit import provider as stripes_lists
from shop.audit.books import RULES, audit
from shop.catalogue.models import TaxRate
from shop.orders import transitions
from shop.orders.models import Actor, Order
from shop.orders.placing import DiscountRequest, LineRequest, place_order
from shop.payments.models import Cause
from shop.payments.refund_requests import RefundRequest, request_refund
from shop.payments.settling.disputes import settle_dispute
from shop.payments.settling.refunds import settle_refund
from shop.payments.settling.sessions import settle_session
from shop.privacy.erasure import ErasureCause, erase_order
from tests.factories.shop import make_code, make_details, make_order, make_package, make_site_settings
from tests.shop.payments.conftest import begin_payment, standin
from tests.shop.payments.refunding import kits_of

__all__ = ["standin"]


class BusyShop:
    """Orders by what happened to them, and the stand-in whose books agree."""

    def __init__(self, provider, *, is_busy: bool = True) -> None:
        self.provider = provider
        self.packer = User.objects.create_user("packer")
        make_site_settings()
        make_code("SPRING", percentage=7)
        TaxRate.objects.create(country="GB", rate="20", valid_from="2020-01-01")
        self.package = make_package(stock_quantity=50)
        self.paid = self.buy("paid")
        self.sent = self.buy("sent", quantity=2)
        transitions.dispatch(self.sent.pk, "DHL", "1", self.packer)
        if is_busy:
            self._make_busy()

    def _make_busy(self) -> None:
        self.waiting = self.place("waiting")
        begin_payment(self.waiting)
        self.cancelled = self.place("cancelled")
        transitions.cancel_unpaid(self.cancelled.pk, actor=Actor.BUYER)
        self._refund_some()
        self._dispute_some()
        for name in ("first", "second"):
            order = self.buy(name)
            transitions.dispatch(order.pk, "DHL", name, self.packer)
            erase_order(order.pk, cause=ErasureCause.RETENTION)
        self.twice = self._pay_after_cancellation()

    def _refund_some(self) -> None:
        self.part_refunded = self.buy("part", quantity=3)
        self.refund(self.part_refunded, kits=kits_of(self.part_refunded.lines.get(), 1))
        self.refund(self.part_refunded, amount=100)
        transitions.dispatch(self.part_refunded.pk, "DHL", "2", self.packer)
        self.all_refunded = self.buy("all")
        self.refund(self.all_refunded)
        back = self.refund(self.buy("failed"), amount=500).provider_id
        self.provider.fail_refund(back)
        settle_refund(back, Cause.WEBHOOK)
        in_dashboard = self.buy("dashboard")
        settle_refund(self.provider.refund(self.session_of(in_dashboard), 300)["id"], Cause.WEBHOOK)

    def _dispute_some(self) -> None:
        self.disputed, self.won, self.lost = (self.buy(name) for name in ("disputed", "won", "lost"))
        for order, won in ((self.disputed, None), (self.won, True), (self.lost, False)):
            dispute = self.provider.dispute(self.session_of(order))["id"]
            settle_dispute(dispute, Cause.WEBHOOK)
            if won is not None:
                self.provider.close_dispute(dispute, won=won)
                settle_dispute(dispute, Cause.WEBHOOK)
        self.refund(self.won, amount=200)

    def _pay_after_cancellation(self) -> Order:
        """Pay an order that is cancelled already: nobody ordered anything for this money."""
        order = make_order(package=self.package, email="twice@example.org")
        session = begin_payment(order).session_id
        transitions.cancel_unpaid(order.pk, actor=Actor.BUYER)
        self.pay(session)
        return order

    def place(self, name: str, quantity: int = 1, *, code: str = "SPRING") -> Order:
        details = make_details(people=quantity, country="GB", email=f"{name}@example.org")
        return place_order(details, [LineRequest(self.package, quantity)], DiscountRequest(code))

    def buy(self, name: str, quantity: int = 1) -> Order:
        order = self.place(name, quantity)
        self.pay(begin_payment(order).session_id)
        order.refresh_from_db()
        return order

    def pay(self, session_id: str) -> None:
        self.provider.pay(session_id)
        settle_session(session_id, Cause.WEBHOOK)

    def refund(self, order: Order, **fields):
        return request_refund(order, RefundRequest("Asked for it", **fields), user=self.packer)

    def session_of(self, order: Order) -> str:
        return order.payments.get().session_id or ""


@pytest.fixture
def shop(db, standin) -> BusyShop:
    return BusyShop(standin)


@pytest.fixture
def quiet_shop(db, standin) -> BusyShop:
    """Make the shop with two orders only, one paid and one dispatched."""
    return BusyShop(standin, is_busy=False)


@pytest.fixture
def found(shop) -> Callable[..., dict[str, list[str]]]:
    """Return a function that returns all findings by their rule's name, or those of Stripe's lists."""

    def find(*, at_stripe: bool = False) -> dict[str, list[str]]:
        now = timezone.now()
        lists = stripes_lists.ask(now - timedelta(days=1), now) if at_stripe else None
        result = audit(stripes_lists.rules_for(lists) if lists else RULES)
        return {
            rule.name: [f"{each.subject}: {each.what}" for each in findings]
            for rule, findings in result.items()
            if findings
        }

    return find
