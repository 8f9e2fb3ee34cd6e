"""Staff find an order however they type what the customer says."""

import pytest

from shop.orders.models import Actor, Order
from shop.orders.placing import LineRequest, place_order
from shop.orders.search import find_orders
from shop.orders.transitions import apply, dispatch
from shop.privacy.erasure import erase_order
from shop.receipts.issuing import issue_receipt
from tests.factories.shop import make_details, make_order, make_package, make_person, make_site_settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(admin_user) -> Order:
    make_site_settings()
    make_order(buyer_name="Somebody Else", phone="+12125559999", postal_code="99999")
    details = make_details(
        buyer_name="Siobhán O’Brien-Łukasz",
        email="o'brien@example.org",
        phone="tel:+44-20-7946-0958;ext=12",
        address_line_1="5 Süd Straße",
        postal_code="SW1A 1AA",
        people=[make_person(name="Jürgen Ørsted")],
    )
    order = place_order(details, [LineRequest(make_package(), 1)])
    data = {"amount": order.total_amount, "currency": order.currency}
    apply(order.pk, "pay", actor=Actor.STRIPE, data=data)
    issue_receipt(order)
    dispatch(order.pk, "UPS", "1Z 999-AA1 01", admin_user)
    return Order.objects.get(pk=order.pk)


def found(typed: str) -> list[int]:
    return list(find_orders(Order.objects.all(), typed).values_list("pk", flat=True))


TYPED = [
    "siobhan", "SIOBHÁN o'brien", "O’Brien", "obrien", "łukasz", "Lukasz", "brien lukasz siobhan",
    "o'brien@EXAMPLE.org", "O’BRIEN@example", "sw1a1aa", "SW1A 1AA", "sw1a\u00a01aa", "sud strasse",
    "+44 20 7946 0958", "0044 (0)20 7946 0958", "020 7946 0958", "０２０ ７９４６", "946-0958", "ext. 12",
    "tel:+442079460958", "mailto:o'brien@example.org",
    "jurgen", "Orsted", "ørsted", "1z999aa101", "1Z 999 AA1 01", "999-AA1", "UPS 1Z 999-AA1 01",
]  # fmt: skip


def test_it_is_found_by_whatever_is_known_and_the_other_is_not(order):
    [receipt] = order.receipts.all()
    start, end = order.code[:4], order.code[4:]
    codes = [order.code.lower(), f"{start}-{end}", f"#{order.code}", f" {start} {end}\u200b"]
    codes += [f"Order: {order.code}"]
    numbers = [receipt.number, receipt.number.replace("-", " "), receipt.number.replace("-", "")]
    numbers += [f"Receipt {receipt.number}"]
    missed = [typed for typed in (*TYPED, *codes, *numbers) if found(typed) != [order.pk]]
    assert missed == []
    assert [typed for typed in ("siobhan smith", "#", "%", "_", "\\", "1z999aa102") if found(typed)] == []


def test_what_is_changed_is_found_and_what_is_erased_is_not(order):
    person = order.people.get()
    person.name = "Zoë Neu"
    person.save()
    assert (found("zoe"), found("jurgen"), found("siobhan")) == ([order.pk], [], [order.pk])
    order.buyer_name = "Ada New"
    order.save(update_fields=["buyer_name"])
    assert (found("ada new"), found("siobhan")) == ([order.pk], [])

    erase_order(order.pk)

    assert Order.objects.get(pk=order.pk).search_text == order.code.lower()
