"""What an order reserves with its placing: one gets the last, and it is given back exactly once.

The controls run the same code with the row lock cut out of its SQL: each must fail where its test succeeds.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.core.cache import cache
from django.db import connection, connections

from cms.page_cache.versions import VERSION_KEY
from shop.catalogue import stock
from shop.catalogue.models import Package, StockReservation
from shop.discounts.models import DiscountUse, UseState
from shop.orders import refusals, transitions
from shop.orders.models import Actor, Order, OrderStatus
from shop.orders.placing import DiscountRequest, LineRequest, place_order
from shop.payments.cancelling import cancel_unpaid
from shop.payments.settling.sessions import settle_session
from tests.factories.shop import (
    make_code,
    make_details,
    make_package,
    make_person,
    make_ready_to_sell,
    make_site_settings,
)
from tests.shop.checkout.conftest import confirm
from tests.shop.payments.conftest import begin_payment, standin

__all__ = ["standin"]

LOCKS = (" FOR UPDATE", " FOR NO KEY UPDATE")
MEETING_SECONDS = 1.0


def buy(
    package: Package, quantity: int = 1, *, code: str = "", expected: int | None = None, **details
) -> Order:
    discount = DiscountRequest(code, expected) if code else None
    return place_order(make_details(people=quantity, **details), [LineRequest(package, quantity)], discount)


def left(package: Package) -> int | None:
    return Package.objects.get(pk=package.pk).stock_quantity


def pay(order: Order) -> Order:
    data = {"amount": order.total_amount, "currency": order.currency}
    return transitions.apply(order.pk, "pay", actor=Actor.STRIPE, data=data)


@pytest.mark.django_db
class TestDiscount:
    def test_it_is_written_into_order_and_lines_and_adds_up(self):
        first, second = make_package(price_amount=3333), make_package(price_amount=3334)
        make_code(percentage=15)

        order = place_order(
            make_details(people=[make_person(name="Ann"), make_person(name="Bo", package_ids={first.pk})]),
            [LineRequest(first, 2), LineRequest(second, 1)],
            DiscountRequest(" spring "),
        )

        assert (order.discount_code, order.discount_amount, order.total_amount) == ("SPRING", 1500, 8500)
        lines = list(order.lines.all())
        assert [line.discount_amount for line in lines] == [1000, 500]
        assert sum(line.payable_amount for line in lines) == order.total_amount

    def test_another_discount_than_the_buyer_was_shown_is_refused(self):
        make_code(percentage=15)

        with pytest.raises(refusals.DiscountRefused, match=r"was \$20 and is now \$14\.85"):
            buy(make_package(), code="SPRING", expected=2000)
        assert not Order.objects.exists()

    def test_a_refused_order_reserves_nothing(self):
        package = make_package(stock_quantity=1)
        make_code()

        with pytest.raises(refusals.SoldOut):
            buy(package, 2, code="SPRING")
        assert not DiscountUse.objects.exists()
        assert left(package) == 1

    def test_a_code_changed_deleted_or_ended_later_changes_no_order(self, client):
        make_site_settings()
        code = make_code()
        order = buy(make_package(), code="SPRING")
        cancelled = buy(make_package(), code="SPRING")
        cancel_unpaid(cancelled.pk)
        code.percentage, code.is_active = 50, False
        code.save()
        DiscountUse.objects.all().delete()
        code.delete()

        order.refresh_from_db()
        assert (order.discount_code, order.total_amount) == ("SPRING", 8910)
        confirm(client, order)
        assert "$89.10" in client.get(order.get_absolute_url()).content.decode()
        assert pay(order).status == OrderStatus.PAID


@pytest.mark.django_db
class TestStock:
    def test_it_is_counted_down_and_the_last_one_sells_it_out(self):
        package = make_package(name="Iron check", stock_quantity=3)
        buy(package, 2)

        with pytest.raises(refusals.SoldOut, match="Only 1 of “Iron check” is left"):
            buy(package, 2)
        buy(package)
        assert Package.objects.get(pk=package.pk).is_sold_out
        with pytest.raises(refusals.SoldOut, match="“Iron check” is sold out"):
            buy(package)

    def test_without_a_limit_nothing_is_kept(self):
        package = make_package()
        cancel_unpaid(buy(package, 2).pk)

        assert left(package) is None
        assert not StockReservation.objects.exists()

    def test_a_limit_set_after_ordering_is_not_raised_by_a_cancellation(self):
        package = make_package()
        order = buy(package, 2)
        Package.objects.filter(pk=package.pk).update(stock_quantity=5)
        cancel_unpaid(order.pk)

        assert left(package) == 5

    def test_a_limit_lifted_after_ordering_stays_lifted(self):
        package = make_package(stock_quantity=2)
        order = buy(package)
        Package.objects.filter(pk=package.pk).update(stock_quantity=None)
        cancel_unpaid(order.pk)

        assert left(package) is None

    def test_pages_are_purged_when_it_is_sold_out_and_when_it_can_be_had_again(
        self, django_capture_on_commit_callbacks
    ):
        make_ready_to_sell()
        package = make_package(stock_quantity=2)

        def purges(act: Callable) -> bool:
            cache.set(VERSION_KEY, "before")
            with django_capture_on_commit_callbacks(execute=True):
                act()
            return cache.get(VERSION_KEY) != "before"

        orders = []
        assert not purges(lambda: orders.append(buy(package)))
        assert purges(lambda: orders.append(buy(package)))
        assert purges(lambda: cancel_unpaid(orders[0].pk))
        assert not purges(lambda: cancel_unpaid(orders[1].pk))


@pytest.mark.django_db
class TestGivingBack:
    def test_a_cancelled_order_gives_back_once(self):
        package = make_package(stock_quantity=3)
        make_code(total_limit=1)
        order = buy(package, 2, code="SPRING")
        cancel_unpaid(order.pk)
        stock.give_back(order.reference)

        assert left(package) == 3
        assert DiscountUse.objects.get().state == UseState.GIVEN_BACK
        assert buy(package, code="SPRING")

    def test_a_paid_order_keeps_what_it_has(self):
        make_site_settings()
        package = make_package(stock_quantity=3)
        make_code()
        order = pay(buy(package, code="SPRING"))
        stock.give_back(order.reference)

        assert left(package) == 2
        assert DiscountUse.objects.get().state == UseState.USED
        assert not StockReservation.objects.exists()

    def test_money_after_cancellation_takes_nothing_again(self, standin):
        make_site_settings()
        package = make_package(stock_quantity=1)
        make_code(total_limit=1)
        order = buy(package, code="SPRING")
        payment = begin_payment(order)
        standin.pay(payment.session_id)
        # Staff ended the order while nobody could ask Stripe.
        transitions.cancel_unpaid(order.pk, actor=Actor.STAFF)
        settle_session(payment.session_id, "webhook")

        order.refresh_from_db()
        assert order.status == OrderStatus.CANCELLED
        assert left(package) == 1
        assert DiscountUse.objects.get().state == UseState.GIVEN_BACK

    def test_the_discounted_total_is_what_is_paid_and_settled(self, standin):
        make_site_settings()
        make_code()
        order = buy(make_package(), code="SPRING")
        payment = begin_payment(order)
        assert payment.amount == 8910
        standin.pay(payment.session_id)

        settle_session(payment.session_id, "webhook")
        order.refresh_from_db()
        assert order.status == OrderStatus.PAID


def at_once(work: Callable[[int], object], *, table: str, with_locks: bool = True, threads: int = 2) -> list:
    """Return what the work returns or raises in each thread.

    All meet after their last look at the table, as far as the database lets them get there together: where
    the row is locked, one waits there for the others in vain and goes on.
    """
    barrier = Barrier(threads)

    def meeting(execute, sql, params, many, context):
        for lock in () if with_locks else LOCKS:
            sql = sql.replace(lock, "")
        result = execute(sql, params, many, context)
        if sql.startswith("SELECT") and f'FROM "{table}"' in sql:
            with suppress(BrokenBarrierError):
                barrier.wait(timeout=MEETING_SECONDS)
        return result

    def run(number: int):
        try:
            with connection.execute_wrapper(meeting):
                return work(number)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def is_one_and_the_other_told(outcomes: list, refusal: type[Exception]) -> bool:
    return (
        sorted(type(outcome).__name__ for outcome in outcomes) == sorted(["Order", refusal.__name__])
        and Order.objects.count() == 1
    )


def buy_the_last(*, with_locks: bool = True) -> list:
    package = make_package(stock_quantity=1)
    details = make_details()

    return at_once(
        lambda _number: place_order(details, [LineRequest(package, 1)]),
        table="catalogue_package",
        with_locks=with_locks,
    )


def use_the_last(*, with_locks: bool = True, emails=("one@example.org", "two@example.org"), **limits) -> list:
    make_code(**limits)
    package = make_package()
    details = [make_details(email=email) for email in emails]
    return at_once(
        lambda number: place_order(
            details[number], [LineRequest(package, 1)], DiscountRequest("SPRING", expected_amount=990)
        ),
        table="discounts_discountuse",
        with_locks=with_locks,
    )


SAME_CUSTOMER = ("jo@example.org", "JO@example.org")


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_the_last_one_in_stock_goes_to_one(self):
        assert is_one_and_the_other_told(buy_the_last(), refusals.SoldOut)
        assert Package.objects.get().stock_quantity == 0

    @pytest.mark.postgres
    def test_control_without_the_lock_nobody_is_told_that_it_is_gone(self):
        assert not is_one_and_the_other_told(buy_the_last(with_locks=False), refusals.SoldOut)

    def test_the_last_use_of_a_code_goes_to_one(self):
        assert is_one_and_the_other_told(use_the_last(total_limit=1), refusals.DiscountRefused)
        assert DiscountUse.objects.count() == 1

    @pytest.mark.postgres
    def test_control_without_the_lock_both_have_the_last_use(self):
        assert not is_one_and_the_other_told(
            use_the_last(with_locks=False, total_limit=1), refusals.DiscountRefused
        )
        assert DiscountUse.objects.count() == 2

    def test_one_customer_in_two_windows_uses_it_once(self):
        outcomes = use_the_last(emails=SAME_CUSTOMER, customer_limit=1)

        assert is_one_and_the_other_told(outcomes, refusals.DiscountRefused)

    @pytest.mark.postgres
    def test_control_without_the_lock_one_customer_uses_it_twice(self):
        use_the_last(with_locks=False, emails=SAME_CUSTOMER, customer_limit=1)

        assert DiscountUse.objects.count() == 2

    def test_cancellation_and_expiry_at_once_give_back_once(self):
        package = make_package(stock_quantity=5)
        make_code(total_limit=1)
        order = buy(package, 2, code="SPRING")

        actors = (Actor.STAFF, Actor.SYSTEM)
        at_once(lambda number: cancel_unpaid(order.pk, actor=actors[number]), table="orders_order")

        assert left(package) == 5
        assert DiscountUse.objects.get().state == UseState.GIVEN_BACK
        assert order.timeline.filter(kind="cancelled").count() == 1

    def test_orders_of_the_same_packages_in_another_sequence_do_not_wait_for_each_other(self):
        first, second = make_package(stock_quantity=5), make_package(stock_quantity=5)
        details = make_details()

        outcomes = at_once(
            lambda number: place_order(
                details, [LineRequest(package, 1) for package in ((first, second), (second, first))[number]]
            ),
            table="catalogue_package",
        )

        assert {type(outcome) for outcome in outcomes} == {Order}
        assert (left(first), left(second)) == (3, 3)
