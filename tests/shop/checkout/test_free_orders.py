"""A code that takes everything off: the order is placed without a payment, and nothing asks for one."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from cms.core.currencies import currency_of
from cms.users.models import User
from shop.audit import documents, mails, money, orders, scarce
from shop.catalogue.models import Package, StockReservation
from shop.discounts.models import DiscountUse, UseState
from shop.discounts.reserving import CodeRefused, PricedLine, quote
from shop.mail.models import OutboxMail
from shop.orders.models import Actor, Order, OrderStatus
from shop.orders.placing import DiscountRequest, LineRequest, place_order
from shop.orders.timeline import TimelineKind
from shop.orders.transitions import Action, TransitionRefused, apply, dispatch
from shop.payments.attempts import PaymentNotPossible
from shop.payments.cancelling import cancel_unpaid
from shop.payments.ledger import ledger_of
from shop.payments.models import Payment
from shop.privacy.erasure import erase_order
from tests.factories.shop import make_code, make_details, make_order, make_package
from tests.shop.payments.conftest import begin_payment

PAY = re.compile(r"\b(pay|payment|paid)\b", re.IGNORECASE)


def words_of(response) -> str:
    """Return the page's text, without its footer."""
    main = re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL)
    return strip_tags(main[0])


def audited() -> list:
    """Return what the audit of the shop's own rows finds."""
    rules = (*orders.RULES, *mails.RULES, *documents.RULES, *money.RULES, *scarce.RULES)
    return [(rule.name, finding) for rule in rules for finding in rule.check(timezone.now())]


@pytest.fixture
def package(browser, standin) -> Package:
    make_code("GIFT", percentage=100, total_limit=1)
    package = make_package(stock_quantity=3)
    browser.add(package)
    browser.post("/basket/code/", {"code": "GIFT"})
    return package


@pytest.fixture
def free_order(browser, package) -> Order:
    assert browser.send_details().status_code == 303
    return Order.objects.get()


def test_it_is_placed_without_a_payment_and_without_a_word_of_one(browser, package):
    for address in ("/basket/", "/checkout/"):
        assert not PAY.search(words_of(browser.get(address)))

    response = browser.send_details()

    order = Order.objects.get()
    assert response.url == f"{order.get_absolute_url()}?notice=accepted"
    assert (order.status, order.total_amount, order.discount_code) == (OrderStatus.PAID, 0, "GIFT")
    assert not Payment.objects.exists()
    assert not order.receipts.exists()
    assert set(OutboxMail.objects.values_list("kind", flat=True)) == {"order_accepted", "new_order"}
    assert not PAY.search(OutboxMail.objects.get(kind="order_accepted").text_body)
    assert order.timeline.filter(kind=TimelineKind.NOTHING_TO_PAY).count() == 1
    assert DiscountUse.objects.get().state == UseState.USED
    assert StockReservation.objects.get().quantity == 1  # it can be cancelled until it leaves
    page = browser.get(response.url)
    assert "Your order is placed" in words_of(page)
    assert not PAY.search(words_of(page))
    assert browser.get("/basket/count/").json() == {"count": 0}


def test_nobody_can_pay_it_and_nothing_is_given_back(browser, free_order):
    with pytest.raises(PaymentNotPossible):
        begin_payment(free_order)
    assert browser.post(f"{free_order.get_absolute_url()}pay/").url == free_order.get_absolute_url()
    ledger = ledger_of(free_order)
    assert (ledger.paid, ledger.kept, ledger.of_the_order()) == (0, 0, None)
    assert not ledger.is_all_refunded


def test_it_is_dispatched_and_erased_like_any_other(free_order, package):
    user = User.objects.create_user("packer")

    dispatch(free_order.pk, "DHL", "123", user)

    free_order.refresh_from_db()
    assert free_order.status == OrderStatus.DISPATCHED
    assert not StockReservation.objects.exists()
    assert audited() == []
    assert not cancel_unpaid(free_order.pk, user=user)
    assert erase_order(free_order.pk)


def test_staff_can_cancel_it_before_it_leaves_which_frees_what_it_took(admin_client, free_order, package):
    assert "Cancel" in admin_client.get(reverse("orders:inspect", args=[free_order.pk])).content.decode()

    assert cancel_unpaid(free_order.pk)

    free_order.refresh_from_db()
    package.refresh_from_db()
    assert free_order.status == OrderStatus.CANCELLED
    assert audited() == []
    assert package.stock_quantity == 3
    assert DiscountUse.objects.get().state == UseState.GIVEN_BACK


@pytest.mark.parametrize(
    ("then", "now", "left"),
    [(None, 10, 10), (10, 20, 21), (10, None, None), (10, 0, 1)],
    ids=["limited later", "stock added", "limit lifted", "sold out"],
)
def test_cancelling_puts_back_what_it_took_and_no_more(db, then, now, left):
    make_code("GIFT", percentage=100)
    package = make_package(stock_quantity=then)
    order = place_order(make_details(), [LineRequest(package, 1)], DiscountRequest("GIFT"))
    Package.objects.update(stock_quantity=now)

    cancel_unpaid(order.pk)

    package.refresh_from_db()
    assert package.stock_quantity == left
    assert audited() == []


@pytest.mark.parametrize("is_free", [True, False])
def test_what_was_held_under_a_limit_that_was_lifted_does_not_count_for_the_next(admin_client, is_free):
    make_code("GIFT", percentage=100)
    package = make_package(stock_quantity=10)
    code = DiscountRequest("GIFT") if is_free else None
    order = place_order(make_details(), [LineRequest(package, 1)], code)
    address = reverse("packages:edit", args=[package.pk])
    for number in ("", "5"):
        form = admin_client.get(address).context["form"]
        fields = {field.html_name: field.value() for field in form if field.value() not in (None, False)}
        management = {f"contents-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
        response = admin_client.post(
            address,
            fields
            | management
            | {"stock_quantity": number, "initial-stock_quantity": fields.get("stock_quantity", "")},
        )
        assert response.status_code == 302, response.context["form"].errors

    cancel_unpaid(order.pk)

    package.refresh_from_db()
    assert package.stock_quantity == 5


@pytest.mark.parametrize("action", [Action.ACCEPT_FREE, Action.CANCEL_FREE])
def test_an_order_that_costs_something_takes_neither_way(db, action):
    order = make_order()
    if action == Action.CANCEL_FREE:
        Order.objects.update(status=OrderStatus.PAID)
    before = Order.objects.get().status

    with pytest.raises(TransitionRefused):
        apply(order.pk, action, actor=Actor.STAFF)

    assert Order.objects.get().status == before


@pytest.mark.parametrize("currency", ["USD", "GBP", "HUF", "JPY"])
def test_what_is_left_is_nothing_or_can_be_charged(db, currency):
    smallest = currency_of(currency).smallest
    make_code("MOST", amount=100_000, currency=currency)

    def left(total: int) -> int:
        return total - quote("MOST", [PricedLine(1, total)], currency).amount

    assert left(100_000) == 0
    assert left(100_000 + smallest) == smallest
    with pytest.raises(CodeRefused, match="which we cannot charge"):
        left(100_000 + smallest - 1)
