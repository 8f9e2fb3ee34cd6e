import pytest
from django.test import Client

from shop.orders.models import Actor, Order, OrderStatus
from shop.orders.transitions import apply, cancel_unpaid, dispatch
from shop.payments.models import Payment
from shop.payments.refund_requests import RefundRequest, request_refund
from shop.payments.settling.sessions import settle_session
from tests.factories.shop import delete_package, make_order, make_package, make_site_settings
from tests.shop.checkout.conftest import confirm
from tests.shop.payments.conftest import begin_payment


@pytest.fixture
def order(db) -> Order:
    make_site_settings()
    return make_order(package=make_package(name="Iron check", sku="IRON", price_amount=9900), quantity=2)


def text_of(client, order: Order) -> str:
    """Return the page as the customer sees it."""
    confirm(client, order)
    return client.get(order.get_absolute_url()).content.decode()


def test_unpaid_order_can_be_paid(client, order):
    text = text_of(client, order)
    assert "waits for your payment" in text
    assert "Pay now" in text
    assert order.code in text
    assert "$198" in text
    assert "2 people" in text


def test_page_says_what_was_bought_and_for_whom_and_nothing_else_of_them(client, order):
    apply(order.pk, "pay", actor=Actor.STRIPE)
    text = text_of(client, order)
    for shown in ("Iron check", "for 2 people, $99 each", "Person 1", "Person 2", "$198", "Sampleton"):
        assert shown in text
    for secret in ("Ferritin", "1985", "1 Example Street", "12345", order.email):
        assert secret not in text


def test_who_has_only_the_link_reads_nothing_of_what_was_bought(client, order):
    text = client.get(order.get_absolute_url()).content.decode()
    for secret in ("Iron check", "IRON", "Person 1", "$99", "$198", "Sampleton", order.email):
        assert secret not in text


def test_dispatched_order_shows_its_parcel(client, order, admin_user):
    apply(order.pk, "pay", actor=Actor.STRIPE)
    dispatch(order.pk, "Parcel Post", "PP123", admin_user)
    text = text_of(client, order)
    assert "Your order is on its way" in text
    assert "Parcel Post" in text
    assert "PP123" in text
    assert "Pay now" not in text


def test_refunded_order_says_what_was_returned_and_packs_no_kit(client, order, standin, admin_user):
    payment = begin_payment(order)
    standin.pay(payment.session_id)
    settle_session(payment.session_id, "webhook")
    request_refund(order, RefundRequest(reason="Not needed", amount=2500), user=admin_user)
    text = text_of(client, order)
    assert "Part of your money went back. We are packing your order." in text
    assert "Partly refunded" in text
    assert "$25<" in text

    request_refund(order, RefundRequest(reason="Not needed"), user=admin_user)
    text = text_of(client, order)
    assert "No kit will be sent" in text
    assert "We are packing" not in text
    assert '<p class="eyebrow">Refunded</p>' in text
    assert "refunded, not sent" in text
    assert "Not needed" not in text


def test_cancelled_order_says_so(client, order):
    cancel_unpaid(order.pk, actor=Actor.STAFF)
    text = text_of(client, order)
    assert "was cancelled" in text
    assert "Pay now" not in text


def test_order_with_a_payment_on_its_way_asks_not_to_pay_again(client, order, standin):
    browser = Client(headers={"Sec-Fetch-Site": "same-origin"})
    browser.post(f"{order.get_absolute_url()}pay/")
    session = Payment.objects.get().session_id
    standin.delay(session)
    browser.get("/checkout/return/", {"session_id": session})
    text = text_of(client, order)
    assert "please do not pay again" in text
    assert "Pay now" not in text


def test_paying_again_after_an_expired_session_takes_the_same_price(client, order, standin):
    browser = Client(headers={"Sec-Fetch-Site": "same-origin"})
    first = browser.post(f"{order.get_absolute_url()}pay/")
    standin.expire(Payment.objects.get().session_id)
    browser.get("/checkout/return/", {"session_id": Payment.objects.get().session_id})
    delete_package(order.lines.get().package)
    second = browser.post(f"{order.get_absolute_url()}pay/")
    assert first.url != second.url
    assert list(Payment.objects.values_list("amount", flat=True)) == [19800, 19800]
    assert Order.objects.count() == 1


def test_paid_order_starts_no_payment(client, order, standin):
    apply(order.pk, "pay", actor=Actor.STRIPE)
    browser = Client(headers={"Sec-Fetch-Site": "same-origin"})
    assert browser.post(f"{order.get_absolute_url()}pay/").url == order.get_absolute_url()
    assert order.status == OrderStatus.AWAITING_PAYMENT  # this copy is from before
    assert not Payment.objects.exists()


@pytest.mark.parametrize("secret", ["x", "x" * 500, "a-b_c"])
def test_unknown_secret_is_the_same_404_for_all(client, order, secret):
    answers = {client.get(f"/orders/{secret}/").content, client.get(f"/orders/{order.secret[:-1]}/").content}
    assert len(answers) == 1
    assert client.get(f"/orders/{secret}/").status_code == 404
    browser = Client(headers={"Sec-Fetch-Site": "same-origin"})
    assert browser.post(f"/orders/{secret}/pay/").status_code == 404


@pytest.mark.parametrize("is_known", [True, False])
def test_page_is_private(client, order, is_known):
    response = client.get(order.get_absolute_url() if is_known else "/orders/unknown/")
    assert response["Cache-Control"] == "no-store, private"
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies


def test_paying_is_for_forms_of_this_site(client, order):
    forged = Client(headers={"Sec-Fetch-Site": "cross-site"})
    assert forged.post(f"{order.get_absolute_url()}pay/").status_code == 403
    assert client.get(f"{order.get_absolute_url()}pay/").status_code == 405
