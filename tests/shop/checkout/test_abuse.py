"""A machine that tries stolen cards gets nowhere, and whoever stands behind the same address still buys."""

import time
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.test import Client, RequestFactory
from django.utils import timezone

from cms.limits.counting import LimitReached
from shop.checkout import baskets
from shop.checkout.models import Basket
from shop.checkout.responses import when_to_try_again
from shop.checkout.throttling import count_checkout, count_new_basket
from shop.orders.models import Order, OrderStatus
from shop.payments.models import Payment
from tests.factories.shop import make_order, make_package
from tests.shop.checkout.conftest import Browser, details_data

CLINIC = {"X-Forwarded-For": "203.0.113.9"}
ATTEMPTS = 1000
LIMIT = 60
BASKETS, FURTHER_ORDERS = 20, 15  # of one address, before it must wait


@pytest.fixture
def package(browser, standin):
    return make_package(price_amount=9900)


def sessions_at_stripe(standin) -> int:
    return len(standin.store.select("checkout.session"))


def fresh_basket(package, browser: Browser) -> Browser:
    """Return this browser with a new basket, as a machine makes one for each card."""
    basket = Basket.objects.create(token=f"token-{Basket.objects.count()}")
    basket.lines.create(package=package, quantity=1, seen_amount=package.price_amount, seen_currency="USD")
    browser.cookies[baskets.BASKET_COOKIE] = basket.token
    return browser


def start(browser: Browser, package, **changes):
    data = {
        **details_data(),
        "prices": f"{package.sku}:1:{package.price_amount}{package.currency}",
        **changes,
    }
    return browser.post("/checkout/", data, headers=CLINIC)


def age(minutes: int) -> None:
    Basket.objects.update(created_at=timezone.now() - timedelta(minutes=minutes))


def new_basket(token: str) -> Basket | None:
    """Make a basket at the clinic's address, unless that is stopped."""
    with suppress(LimitReached):
        count_new_basket(RequestFactory().post("/basket/add/", headers=CLINIC))
        return Basket.objects.create(token=token)
    return None


def begins_order(basket: Basket, email: str) -> bool:
    """Whether an order of this basket is let through at the clinic's address; it is one from then on."""
    with suppress(LimitReached):
        count_checkout(RequestFactory().post("/checkout/", headers=CLINIC), basket, email)
        return True
    return False


def test_of_a_thousand_attempts_with_new_baskets_and_addresses_few_are_let_through(db):
    Basket.objects.bulk_create(Basket(token=f"token-{number}") for number in range(ATTEMPTS))
    let_through = sum(
        begins_order(basket, f"card{number}@example.net")
        for number, basket in enumerate(Basket.objects.all())
    )

    assert let_through == LIMIT


def test_a_machine_that_waits_begins_few_orders_and_readers_at_its_address_buy_within_minutes(db):
    """A thousand attempts from baskets that are older than five minutes, each basket as often as it can."""
    with time_machine.travel(time.time(), tick=False) as clock:
        came_before = new_basket("before")
        made = [basket for number in range(ATTEMPTS) if (basket := new_basket(f"machine-{number}"))]
        came_during = new_basket("refused")
        clock.shift(timedelta(minutes=5))
        orders = [
            begins_order(made[number % len(made)], f"card{number}@example.net") for number in range(ATTEMPTS)
        ]

        assert (len(made), came_during) == (BASKETS - 1, None)
        assert sum(orders) == len(made) + FURTHER_ORDERS
        assert begins_order(came_before, "before@example.org")
        came_during = new_basket("during")
        clock.shift(timedelta(minutes=5))
        assert begins_order(came_during, "during@example.org")


def test_a_reader_who_meets_a_slow_machine_finds_room_for_a_basket(db):
    """A thousand baskets within an hour and a half; who is stopped comes back when they were told."""
    with time_machine.travel(time.time(), tick=False) as clock:
        waited = []
        for number in range(ATTEMPTS):
            new_basket(f"machine-{number}")
            clock.shift(timedelta(seconds=5.4))
            if number % 50 == 25:
                waited.append(minutes_until_basket(clock, f"reader-{number}"))

        assert max(waited) <= 5
        machines = Basket.objects.filter(token__startswith="machine").count()
        assert machines < ATTEMPTS / 2


def minutes_until_basket(clock, token: str) -> float:
    """How long a reader waits for a basket who does what the page says."""
    began = time.time()
    try:
        count_new_basket(RequestFactory().post("/basket/add/", headers=CLINIC))
    except LimitReached as reached:
        clock.shift(reached.retry_after)
        assert new_basket(token)
    return (time.time() - began) / 60


def test_the_first_order_of_a_known_basket_is_never_stopped_by_its_address(standin, package, settings):
    settings.LIMITS = {**settings.LIMITS, "checkout.known_address": "2/hour"}
    machine, reader = fresh_basket(package, Browser()), fresh_basket(package, Browser())
    age(minutes=6)

    statuses = [start(machine, package, email=f"card{number}@example.net").status_code for number in range(6)]

    assert statuses == [303] * 3 + [429] * 3
    assert start(reader, package, email="reader@example.org").url.startswith(standin.base_url)
    assert start(reader, package, email="another@example.org").status_code == 429


def test_who_ordered_as_a_newcomer_has_had_the_first_order(standin, package, settings):
    settings.LIMITS = {**settings.LIMITS, "checkout.known_address": "1/hour"}
    machine = fresh_basket(package, Browser())
    start(machine, package)
    age(minutes=6)

    statuses = [start(machine, package, email=f"card{number}@example.net").status_code for number in range(2)]

    assert statuses == [303, 429]


def test_requests_at_the_same_moment_share_one_first_order(db, settings):
    settings.LIMITS = {**settings.LIMITS, "checkout.known_address": "1/hour"}
    basket = Basket.objects.create(token="machine")
    age(minutes=6)
    basket.refresh_from_db()

    # None of them has seen the order that another one places.
    assert [begins_order(basket, f"card{number}@example.net") for number in range(4)] == [
        True,
        True,
        False,
        False,
    ]


def test_only_what_makes_a_basket_is_counted_and_who_is_stopped_learns_when_to_come_back(package, settings):
    settings.LIMITS = {**settings.LIMITS, "basket.address": "2/5 minutes"}

    def add(browser: Browser, address: str = "203.0.113.9"):
        data = {"package": package.sku, "quantity": 1}
        return browser.post("/basket/add/", data, headers={"X-Forwarded-For": address})

    reader = Browser()
    assert [add(reader).status_code for _ in range(5)] == [303] * 5
    assert add(Browser()).status_code == 303

    refused = add(Browser())

    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 300
    assert "Please try again in 5 minutes." in refused.content.decode()
    assert Basket.objects.count() == 2
    assert add(reader).status_code == 303
    assert add(Browser(), "203.0.113.10").status_code == 303


def test_who_is_let_through_alone_reaches_stripe_and_readers_behind_the_address_still_buy(
    standin, package, settings
):
    # The same in small, since a thousand pages take long to draw.
    settings.LIMITS = {**settings.LIMITS, "checkout.address": "6/hour"}
    reader = fresh_basket(package, Browser())
    age(minutes=6)
    machine = Browser()

    statuses = [
        start(fresh_basket(package, machine), package, email=f"card{number}@example.net").status_code
        for number in range(30)
    ]

    assert statuses == [303] * 6 + [429] * 24
    assert sessions_at_stripe(standin) == Payment.objects.count() == Order.objects.count() == 6
    bought = start(reader, package, email="reader@example.org")
    assert bought.status_code == 303
    assert bought.url.startswith(standin.base_url)


def test_one_basket_with_ever_new_details_is_stopped_and_uses_up_nothing_of_others(
    standin, package, settings
):
    settings.LIMITS = {**settings.LIMITS, "checkout.basket": "4/hour", "checkout.address": "5/hour"}
    machine = fresh_basket(package, Browser())
    statuses = [
        start(machine, package, email=f"card{number}@example.net").status_code for number in range(12)
    ]

    assert statuses == [303] * 4 + [429] * 8
    assert sessions_at_stripe(standin) == 4
    # The address has been counted four times, not twelve.
    assert start(fresh_basket(package, Browser()), package).status_code == 303


def test_one_email_address_orders_only_so_often(standin, package, settings):
    settings.LIMITS = {**settings.LIMITS, "checkout.email": "2/day"}
    spellings = ["jo@example.org", "JO@example.org", "jo@EXAMPLE.org"]

    statuses = [
        start(fresh_basket(package, Browser()), package, email=email).status_code for email in spellings
    ]

    assert statuses == [303, 303, 429]


def test_who_is_stopped_loses_nothing_and_learns_when_to_come_back(standin, package, settings):
    settings.LIMITS = {**settings.LIMITS, "checkout.address": "1/hour"}
    start(fresh_basket(package, Browser()), package)
    reader = fresh_basket(package, Browser())

    refused = start(reader, package, email="reader@example.org", buyer_name="Ada Reader")

    text = refused.content.decode()
    assert refused.status_code == 429
    # Not an hour: after five minutes the basket is no newcomer's.
    assert 0 < int(refused["Retry-After"]) <= settings.LIMITS_KNOWN_AFTER_SECONDS
    assert "Please try again in 5 minutes." in text
    for kept in ("Ada Reader", "reader@example.org", "1 Example Street", "1984"):
        assert f'value="{kept}"' in text
    assert text.count(" checked") == 5  # the name, the sex, and three consents
    assert refused["Cache-Control"] == "no-store, private"
    age(minutes=5)
    assert start(reader, package, email="reader@example.org").status_code == 303


def test_mistakes_in_the_form_cost_no_try(standin, package, settings):
    settings.LIMITS = {**settings.LIMITS, "checkout.basket": "1/hour"}
    reader = fresh_basket(package, Browser())

    assert {start(reader, package, city="").status_code for _ in range(5)} == {422}
    assert start(reader, package).status_code == 303


def test_paying_again_is_limited_with_the_button_left(standin, package, settings):
    settings.LIMITS = {**settings.LIMITS, "payment.order": "2/hour"}
    order, other = make_order(), make_order(email="other@example.org")
    browser = Browser()

    answers = [browser.post(f"{order.get_absolute_url()}pay/") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [303, 303, 429]
    text = answers[2].content.decode()
    assert f'action="{order.get_absolute_url()}pay/"' in text
    assert order.code in text
    assert int(answers[2]["Retry-After"]) > 0
    assert browser.post(f"{other.get_absolute_url()}pay/").status_code == 303


def test_unpaid_orders_of_one_person_or_one_network_are_not_paid_on_without_end(standin, package, settings):
    settings.LIMITS = {**settings.LIMITS, "payment.email": "2/hour", "payment.address": "3/hour"}

    def pay(email: str) -> int:
        order = make_order(email=email)
        return Browser().post(f"{order.get_absolute_url()}pay/", headers=CLINIC).status_code

    assert [pay("jo@example.org") for _ in range(3)] == [303, 303, 429]
    assert [pay(f"{number}@example.org") for number in range(2)] == [303, 429]
    assert sessions_at_stripe(standin) == 3


def test_what_makes_no_new_payment_page_stops_nobody_at_the_same_address(standin, package, settings):
    settings.LIMITS = {**settings.LIMITS, "payment.address": "3/hour"}
    machines = [make_order(email=f"card{number}@example.net") for number in range(3)]
    cancelled = machines[2]
    Order.objects.filter(pk=cancelled.pk).update(status=OrderStatus.CANCELLED)
    reader = make_order(email="reader@example.org")

    def pay(order: Order) -> int:
        return Browser().post(f"{order.get_absolute_url()}pay/", headers=CLINIC).status_code

    assert [pay(order) for order in machines * 5] == [303] * 15
    assert sessions_at_stripe(standin) == 2
    assert pay(reader) == 303
    assert sessions_at_stripe(standin) == 3
    # A page that has run out is followed by a new one, which is counted.
    reader.payments.update(expires_at=timezone.now())
    assert pay(reader) == 429


def test_reading_is_never_limited(browser, package):
    assert {Client().get("/basket/", headers=CLINIC).status_code for _ in range(70)} == {200}


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "in 1 minute."), (61, "in 2 minutes."), (5400, "in 90 minutes."), (5401, "in 2 hours.")],
)
def test_the_time_to_wait_is_told_in_words_and_never_too_short(seconds, words):
    assert when_to_try_again(LimitReached("find.code", seconds)).endswith(words)
