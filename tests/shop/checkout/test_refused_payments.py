"""What Stripe refuses for good is not "Stripe does not answer"."""

import pytest

from shop.cases.models import Case, CaseKind, CaseState
from shop.mail.models import MailState, OutboxMail
from shop.orders.models import Order, OrderStatus
from shop.payments.models import Payment, PaymentState
from shop.payments.settling.sessions import settle_session
from tests.factories.shop import make_order, make_package
from tests.shop.checkout.conftest import confirm

# An address that the form takes and that Stripe's stand-in does not.
UNCOMMON = '"jo@home"@example.org'


@pytest.fixture
def package(browser, standin):
    package = make_package(price_amount=9900)
    browser.add(package)
    return package


@pytest.mark.parametrize("email", ["jo@localhost", "jo@[192.0.2.1]", "jo@intranet"])
def test_an_address_that_no_mail_reaches_is_refused_before_anything_is_ordered(browser, package, email):
    response = browser.send_details(email=email)

    assert response.status_code == 422
    assert "Enter an e-mail address in the form name@example.com." in response.content.decode()
    assert not Order.objects.exists()


def test_an_address_that_stripe_refuses_is_told_beside_its_field_and_leaves_no_order_to_pay(browser, package):
    response = browser.send_details(email=UNCOMMON)

    text = response.content.decode()
    assert response.status_code == 422
    assert list(response.context["forms"].contact.errors) == ["email"]
    assert "does not take this address" in text
    assert "does not answer" not in text
    assert 'value="1 Example Street"' in text
    order = Order.objects.get()
    assert order.status == OrderStatus.CANCELLED
    assert OutboxMail.objects.get(reference=order.reference).state == MailState.CANCELLED
    assert not Case.objects.exists()

    assert browser.send_details().status_code == 303
    assert Order.objects.filter(status=OrderStatus.AWAITING_PAYMENT).count() == 1


def test_another_refusal_keeps_what_was_typed_and_calls_staff(browser, package, standin):
    standin.fault("refuse", match="POST /v1/checkout/sessions")

    response = browser.send_details()

    text = response.content.decode()
    assert response.status_code == 409
    assert "refuses this payment" in text
    assert "does not answer" not in text
    assert 'value="1 Example Street"' in text
    order = Order.objects.get()
    assert order.status == OrderStatus.CANCELLED
    case = Case.objects.get(kind=CaseKind.PAYMENT_REFUSED)
    assert (case.reference, case.state) == (order.reference, CaseState.OPEN)
    assert browser.send_details().status_code == 303


def test_pay_now_says_that_it_is_refused_and_staff_have_a_case_until_it_is_paid(browser, package, standin):
    order = make_order(package=package)
    standin.fault("refuse", match="POST /v1/checkout/sessions")
    address = f"{order.get_absolute_url()}pay/"

    response = browser.post(address)

    text = response.content.decode()
    assert response.status_code == 409
    assert "refuses the payment of this order" in text
    assert "does not answer" not in text
    order.refresh_from_db()
    assert order.status == OrderStatus.AWAITING_PAYMENT
    case = Case.objects.get(kind=CaseKind.PAYMENT_REFUSED, reference=order.reference)

    assert browser.post(address).status_code == 303
    case.refresh_from_db()
    assert case.state == CaseState.OPEN
    session = Payment.objects.get(state=PaymentState.OPEN).session_id
    standin.pay(session)
    settle_session(session, "webhook")
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED


def test_an_order_whose_address_stripe_refuses_can_be_paid_all_the_same(browser, package, standin):
    """Stripe asks the payer for one; staff hear that mails may not arrive."""
    order = make_order(package=package, email=UNCOMMON)
    confirm(browser, order)

    response = browser.post(f"{order.get_absolute_url()}pay/")

    payment = order.payments.get(state=PaymentState.OPEN)
    assert (response.status_code, response.url) == (303, payment.url)
    assert standin.store.find("checkout.session", payment.session_id)["customer_email"] is None
    assert Case.objects.get().kind == CaseKind.PAYMENT_REFUSED


def test_a_refused_question_after_a_payment_is_no_wrong_address(browser, package, standin):
    browser.send_details()
    session = Payment.objects.get().session_id
    standin.fault("refuse", match="GET /v1/checkout/sessions/*")

    response = browser.get("/checkout/return/", {"session_id": session})

    assert response.status_code == 503
    assert "Please do not pay again." in response.content.decode()
    assert Case.objects.get().kind == CaseKind.PAYMENT_REFUSED
