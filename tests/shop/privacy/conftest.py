"""An order that was bought, paid at the stand-in, dispatched, and written about everywhere."""

from datetime import date

import pytest
from django.test import Client

from cms.users.models import User
from shop.cases import actions
from shop.cases.models import CaseKind
from shop.checkout.models import Basket, LinkRequest
from shop.mail.models import OutboxMail
from shop.orders import transitions
from shop.orders.models import Order, OrderNote
from shop.orders.placing import LineRequest, place_order
from shop.payments.models import WebhookEvent
from shop.payments.refund_requests import RefundRequest, request_refund
from tests.factories.shop import any_page, make_details, make_package, make_person, make_site_settings
from tests.shop.payments.conftest import begin_payment, post_event, standin

__all__ = ["post_event", "standin"]

NAME, RECIPIENT, TESTED = "Adélie Quillfeather", "Barnaby Quillfeather", "Cosima Quillfeather"
EMAIL, PHONE = "adelie.q@quill.example", "+12125550143"
STREET, STREET_2, CITY, POSTAL_CODE = "77 Marmalade Row", "Attic flat", "Owlcaster", "98741"
BORN = date(1971, 8, 23)
TRACKING = "JD0009988776655"
PACKAGE, SKU = "Zebra Thyroid Panel", "ZBR-771"


REFUNDED = 2500


@pytest.fixture
def package(db):
    return make_package(name=PACKAGE, sku=SKU)


@pytest.fixture
def colleague(db) -> User:
    return User.objects.create_user("colleague", password="a-long-password")


def place(package, **changes) -> Order:
    """Place the order of our person, unpaid."""
    details = make_details(
        **{
            "people": [make_person(name=TESTED, date_of_birth=BORN)],
            "email": EMAIL,
            "buyer_name": NAME,
            "phone": PHONE,
            "recipient_name": RECIPIENT,
            "address_line_1": STREET,
            "address_line_2": STREET_2,
            "city": CITY,
            "postal_code": POSTAL_CODE,
            **changes,
        }
    )
    return place_order(details, [LineRequest(package, 1, origin_page_id=any_page().pk)])


@pytest.fixture
def paid(package, standin, post_event) -> Order:
    """Pay the order at the stand-in and settle it by its webhook."""
    make_site_settings()
    order = place(package)
    session = begin_payment(order).session_id
    standin.pay(session)
    assert post_event("checkout.session.completed").status_code == 200
    order.refresh_from_db()
    assert order.status == "paid"
    return order


@pytest.fixture
def bought(paid, package, colleague) -> Order:
    """Refund the order partly and dispatch it; each room keeps something personal or medical of it."""
    refund_request = RefundRequest(reason=f"{NAME} does not need {PACKAGE}", amount=REFUNDED)
    request_refund(paid, refund_request, user=colleague)
    transitions.dispatch(paid.pk, "DHL", TRACKING, user=colleague)
    OrderNote.objects.create(order=paid, author=colleague, text=f"{NAME} rang about {PACKAGE}")
    basket = Basket.objects.create(token="a-token", order=paid)
    basket.lines.create(package=package, quantity=1, seen_amount=9900, seen_currency="USD")
    case = actions.open_case(
        CaseKind.LATE_ORDER, reference=paid.reference, reason=f"{NAME} waits", data={"who": NAME, "days": 3}
    )
    actions.close(case.pk, f"Wrote to {EMAIL}", colleague)
    mail = OutboxMail.objects.filter(reference=paid.reference, kind="order_paid").get()
    mail.attempts.create(succeeded=False, error=f"SMTPDataError: 451 <{EMAIL}> later")
    OutboxMail.objects.filter(pk=mail.pk).update(report=f"550 no such person: {EMAIL}")
    LinkRequest.objects.create(code=paid.code, email="somebody@else.example")
    LinkRequest.objects.create(code="MSTYPED", email=EMAIL.upper())
    WebhookEvent.objects.update(reason=f"KeyError: {EMAIL}", traceback=f"… {NAME}")
    paid.refresh_from_db()
    return paid


@pytest.fixture
def visitor() -> Client:
    return Client()
