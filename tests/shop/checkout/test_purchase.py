"""The whole way from the package page to the return page, with the real SDK and the real stand-in."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.mail.models import OutboxMail
from shop.orders.models import Order, OrderStatus
from shop.payments.models import Payment
from tests.factories.shop import any_page, make_package, make_package_page
from tests.shop.checkout.conftest import details_data

BUDGET = 80
# What begins and ends a transaction reads and writes no row.
NO_QUERY = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def test_whole_purchase_stays_within_its_budget(browser, standin, settings):
    settings.PAGE_CACHE = False
    page = make_package_page(make_package(price_amount=9900))
    address = f"{page.url}?from={any_page().pk}"
    browser.get("/basket/")
    browser.get(address)  # what is kept for all requests is no part of a purchase's cost
    costs: dict[str, int] = {}

    def step(name: str, act):
        with CaptureQueriesContext(connection) as captured:
            response = act()
        costs[name] = sum(not query["sql"].startswith(NO_QUERY) for query in captured)
        return response

    step("package page", lambda: browser.get(address))
    added = step("add", lambda: browser.add(page.package, referrer=f"http://testserver{address}"))
    step("basket", lambda: browser.get(added.url))
    details = step("details page", lambda: browser.get("/checkout/"))
    form = {**details_data(), "prices": details.context["summary"].prices}
    paying = step("place order", lambda: browser.post("/checkout/", form))
    session = Payment.objects.get().session_id
    assert paying.url.startswith(standin.base_url)
    standin.pay(session)
    back = step("return page", lambda: browser.get("/checkout/return/", {"session_id": session}))

    assert "Your payment has arrived" in back.content.decode()
    order = Order.objects.get()
    assert order.status == OrderStatus.PAID
    assert order.lines.get().origin_page_id == any_page().pk
    assert set(OutboxMail.objects.values_list("kind", flat=True)) == {
        "order_received",
        "order_paid",
        "new_order",
    }
    assert sum(costs.values()) <= BUDGET, costs
