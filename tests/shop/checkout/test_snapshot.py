"""What the editors do to price, code and package after the reader left for payment changes no order."""

from django.urls import reverse

from shop.catalogue.models import PackageBiomarker
from shop.discounts.models import DiscountUse
from shop.orders.models import Order, OrderStatus
from shop.payments.models import Payment, PaymentState
from tests.factories.shop import delete_package, make_code, make_package
from tests.shop.backoffice.conftest import person_of, staff
from tests.shop.payments.conftest import post_event

__all__ = ["person_of", "post_event", "staff"]


def test_the_order_is_settled_and_shown_as_it_was_when_the_reader_left(browser, standin, post_event, staff):
    package = make_package(name="Iron check", sku="IRON", price_amount=9900)
    code = make_code("SPRING")
    browser.add(package)
    browser.post(reverse("checkout:use_code"), {"code": "SPRING"})
    browser.send_details()
    session = Payment.objects.get().session_id

    package.price_amount, package.name = 20000, "Another name"
    package.save()
    code.percentage, code.is_active = 50, False
    code.save()
    DiscountUse.objects.all().delete()
    code.delete()
    PackageBiomarker.objects.all().delete()
    delete_package(package)
    standin.pay(session)
    assert post_event("checkout.session.completed").status_code == 200

    order = Order.objects.get()
    line = order.lines.get()
    assert (order.status, order.total_amount, order.discount_amount) == (OrderStatus.PAID, 8910, 990)
    assert (line.package, line.name, line.sku, line.unit_amount) == (None, "Iron check", "IRON", 9900)
    assert line.contents
    assert Payment.objects.get().state == PaymentState.SUCCEEDED
    assert order.receipts.get().data["total_amount"] == 8910
    assert "$89.10" in browser.get(order.get_absolute_url()).content.decode()
    screen = staff.get(reverse("orders:inspect", args=[order.pk])).content.decode()
    assert "Iron check" in screen
    assert "Another name" not in screen
