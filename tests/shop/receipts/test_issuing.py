import pytest
import time_machine
from django.db import IntegrityError, transaction

from shop.catalogue.tax import included_tax
from shop.orders.models import OrderLine
from shop.payments.models import Cause
from shop.payments.settling.sessions import settle_session
from shop.receipts.erasure import erase_personal_data
from shop.receipts.issuing import (
    OrderIsUnpaid,
    corrected_amount,
    issue_correction,
    issue_receipt,
    issue_reversal,
)
from shop.receipts.models import Receipt, ReceiptIsImmutable
from tests.factories.shop import make_order, make_site_settings
from tests.shop.payments.conftest import begin_payment

pytestmark = pytest.mark.django_db


def paid_order(order, **changes):
    type(order).objects.filter(pk=order.pk).update(**changes)
    return type(order).objects.get(pk=order.pk)


def test_settling_twenty_times_issues_one_receipt(standin):
    make_site_settings()
    order = make_order()
    payment = begin_payment(order)
    standin.pay(payment.session_id)

    for _time in range(20):
        settle_session(payment.session_id, Cause.WEBHOOK)

    assert Receipt.objects.get().order == order


def test_an_unpaid_order_has_no_receipt(db):
    with pytest.raises(OrderIsUnpaid):
        issue_receipt(make_order())

    assert not Receipt.objects.exists()


def test_a_receipt_holds_the_sum_and_its_tax_and_no_package(order, receipt):
    data = receipt.data

    assert (data["total_amount"], data["currency"]) == (19800, "USD")
    assert data["taxes"] == [{"rate": "20", "gross_amount": 19800, "tax_amount": 3300}]
    assert data["lines"] == [{"sku": "K-1", "quantity": 2, "unit_amount": 9900, "total_amount": 19800}]
    assert "Iron" not in str(data)
    assert "Ferritin" not in str(data)


def test_numbers_count_up_within_a_year(order):
    with time_machine.travel("2026-12-31 12:00:00Z", tick=False):
        first = issue_receipt(order)
        second = issue_correction(order, 100, "refund-1")
    with time_machine.travel("2027-01-01 12:00:00Z", tick=False):
        third = issue_correction(order, 100, "refund-2")

    assert [first.number, second.number, third.number] == ["2026-000001", "2026-000002", "2027-000001"]


def test_a_rolled_back_receipt_gives_its_number_back(order):
    with transaction.atomic():
        lost = issue_receipt(order).number
        transaction.set_rollback(True)

    assert issue_receipt(order).number == lost


def test_an_issued_receipt_is_neither_changed_nor_deleted(receipt):
    receipt.data["total_amount"] = 1
    with pytest.raises(ReceiptIsImmutable):
        receipt.save()
    with pytest.raises(ReceiptIsImmutable):
        receipt.delete()

    receipt.refresh_from_db()
    assert receipt.data["total_amount"] == 19800


def test_an_order_with_a_receipt_cannot_be_deleted(order, receipt):
    with pytest.raises(IntegrityError):
        order.delete()


def test_sum_discount_and_tax_add_up(order):
    line = order.lines.get()
    payable = line.total_amount - 1234
    OrderLine.objects.filter(pk=line.pk).update(
        discount_amount=1234, tax_amount=included_tax(payable, line.tax_rate, order.currency)
    )
    data = issue_receipt(paid_order(order, discount_amount=1234, total_amount=payable)).data

    assert sum(row["total_amount"] for row in data["lines"]) - data["discount_amount"] == data["total_amount"]
    assert sum(tax["gross_amount"] for tax in data["taxes"]) == data["total_amount"] == 18566
    assert [tax["tax_amount"] for tax in data["taxes"]] == [3094]


def test_corrections_of_a_whole_refund_take_back_exactly_the_receipt(order, receipt):
    corrections = [
        issue_correction(order, amount, f"refund-{amount}") for amount in (1, 3333, 9999, 19800 - 13333)
    ]

    assert sum(row.data["total_amount"] for row in corrections) == 19800
    assert sum(row.data["taxes"][0]["gross_amount"] for row in corrections) == 19800
    assert sum(row.data["taxes"][0]["tax_amount"] for row in corrections) == 3300
    assert all(row.corrects == receipt for row in corrections)


def test_many_small_corrections_lose_no_tax(order, receipt):
    corrections = [issue_correction(order, 2, f"refund-{number}") for number in range(9)]

    assert sum(row.data["taxes"][0]["tax_amount"] for row in corrections) == 3


def test_a_correction_is_issued_once_for_each_occasion_and_never_beyond_the_receipt(order, receipt):
    first = issue_correction(order, 19000, "refund-1")

    assert issue_correction(order, 19000, "refund-1") == first
    assert issue_correction(order, 19000, "refund-2").data["total_amount"] == 800
    assert issue_correction(order, 19000, "refund-3") is None
    assert Receipt.objects.count() == 3


def test_a_correction_is_taken_back_once_and_only_where_there_is_one(order, receipt):
    issue_correction(order, 19000, "refund-1")
    first = issue_reversal(order, "refund-1")

    assert issue_reversal(order, "refund-1") == first
    assert issue_reversal(order, "refund-2") is None
    assert corrected_amount(order) == 0
    assert issue_correction(order, 19800, "refund-2").data["total_amount"] == 19800


def test_a_reversal_is_neither_changed_nor_deleted(order, receipt):
    issue_correction(order, 19000, "refund-1")
    reversal = issue_reversal(order, "refund-1")

    with pytest.raises(ReceiptIsImmutable):
        reversal.save()
    with pytest.raises(ReceiptIsImmutable):
        reversal.delete()


def test_erasure_takes_buyer_and_goods_out_and_keeps_the_numbers(order, receipt):
    lines = [{**line, "sku": ""} for line in receipt.data["lines"]]
    assert lines != receipt.data["lines"]

    before = receipt.data
    assert erase_personal_data(order) == 1
    assert erase_personal_data(order) == 0

    receipt.refresh_from_db()
    assert receipt.pdf is None
    assert receipt.data == {**before, "buyer": {"name": "", "address": []}, "lines": lines}
