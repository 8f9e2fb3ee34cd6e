"""What the documents of an order say after refunds: by line, in part, all of it, and when one fails."""

import pytest
from django.urls import reverse

from cms.core.currencies import currency_of
from shop.catalogue.models import TaxRate
from shop.orders.models import Order, OrderLine
from shop.orders.placing import DiscountRequest, LineRequest, place_order
from shop.payments.ledger import ledger_of
from shop.payments.models import Cause, Payment, PaymentState, Refund
from shop.payments.refund_requests import return_payment
from shop.payments.settling.refunds import settle_refund
from shop.receipts.erasure import erase_personal_data
from shop.receipts.models import Receipt, ReceiptKind
from tests.factories.shop import make_code, make_details, make_package, make_person, make_site_settings
from tests.shop.backoffice.conftest import person_of, staff
from tests.shop.checkout.conftest import confirm
from tests.shop.payments.conftest import begin_payment
from tests.shop.payments.refunding import corrections, give_back, kits_of, pay, reversals

__all__ = ["person_of", "staff"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(db) -> Order:
    """Make A for 120 dollars at 20 percent and three of B for 100 dollars at no tax, sent to Britain."""
    make_site_settings()
    taxed = make_package(sku="A", name="Iron check", price_amount=12000)
    TaxRate.objects.create(country="GB", rate="20", valid_from="2020-01-01", package=taxed)
    free = make_package(sku="B", name="Liver check", price_amount=10000)
    first = make_person(name="Ann")
    others = [make_person(name=name, package_ids={free.pk}) for name in ("Bo", "Cy")]
    details = make_details(people=[first, *others], country="GB")
    return place_order(details, [LineRequest(taxed, 1), LineRequest(free, 3)])


def line_of(order: Order, sku: str) -> OrderLine:
    return order.lines.get(sku=sku)


def some_kits(order: Order, counts: dict[str, int]) -> list[int]:
    """So many of these lines' kits."""
    return [kit for sku, count in counts.items() for kit in kits_of(line_of(order, sku), count)]


def by_line(order: Order, user, **quantities: int) -> Receipt:
    """Return the correction of a refund of so many of these lines."""
    refund = give_back(order, user, kits=some_kits(order, quantities))
    return order.receipts.get(kind=ReceiptKind.CORRECTION, occasion=refund.occasion)


def plain(order: Order, user, amount: int | None = None) -> Receipt:
    """Return the correction of a refund of an amount, or of all that is left."""
    refund = give_back(order, user, amount)
    return order.receipts.get(kind=ReceiptKind.CORRECTION, occasion=refund.occasion)


def taxes(receipt: Receipt) -> list[tuple]:
    return [(tax["rate"], tax["gross_amount"], tax["tax_amount"]) for tax in receipt.data["taxes"]]


def taken_back(order: Order) -> dict[str, tuple[int, int]]:
    """Return what the corrections say altogether, by rate: gross amount and tax."""
    sums: dict[str, tuple[int, int]] = {}
    for receipt in order.receipts.exclude(kind=ReceiptKind.RECEIPT):
        for rate, gross, tax in taxes(receipt):
            before = sums.get(rate, (0, 0))
            sums[rate] = (before[0] + gross, before[1] + tax)
    return sums


def pay_with_discount(standin, order: Order, *, sku: str, discount: int) -> None:
    """Pays the order as if this line had been cheaper."""
    total = order.total_amount - discount
    order.lines.filter(sku=sku).update(discount_amount=discount)
    Order.objects.filter(pk=order.pk).update(discount_amount=discount, total_amount=total)
    order.refresh_from_db()
    pay(standin, begin_payment(order))


class TestByLine:
    @pytest.mark.parametrize(
        ("sku", "expected"), [("A", [("20", 12000, 2000)]), ("B", [("0", 10000, 0)])], ids=["taxed", "free"]
    )
    def test_the_correction_bears_the_lines_own_rate_and_tax(self, order, paid, user, sku, expected):
        assert taxes(by_line(order, user, **{sku: 1})) == expected

    def test_it_names_the_sku_and_how_many_and_no_package(self, order, paid, user):
        data = by_line(order, user, B=2).data

        (line,) = data["lines"]
        assert (line["sku"], line["quantity"], line["unit_amount"], line["total_amount"]) == (
            "B",
            2,
            10000,
            20000,
        )
        assert (data["discount_amount"], data["total_amount"]) == (0, 20000)
        assert "Liver" not in str(data)

    def test_two_lines_in_one_refund_are_told_by_rate(self, order, paid, user):
        assert taxes(by_line(order, user, A=1, B=1)) == [("0", 10000, 0), ("20", 12000, 2000)]

    def test_the_discount_of_a_part_is_named_so_that_it_adds_up(self, order, standin, user):
        pay_with_discount(standin, order, sku="B", discount=1000)
        data = by_line(order, user, B=1).data

        assert data["total_amount"] == 9666
        assert data["lines"][0]["total_amount"] - data["discount_amount"] == 9666
        assert taxes(by_line(order, user, B=2)) == [("0", 19334, 0)]

    def test_the_parts_of_a_line_add_up_to_its_tax(self, order, standin, user):
        """Rounded each for itself they would hold 2637; another line keeps the rate from being used up."""
        order.lines.filter(sku="A").update(tax_rate="10", tax_amount=1091)
        order.lines.filter(sku="B").update(tax_rate="10", tax_amount=2636)  # of 29000
        pay_with_discount(standin, order, sku="B", discount=1000)

        parts = [by_line(order, user, B=1) for _number in range(3)]

        assert [taxes(part)[0][2] for part in parts] == [879, 879, 878]
        assert taxes(plain(order, user)) == [("10", 12000, 1091)]


class TestInPart:
    def test_an_amount_is_spread_in_proportion(self, order, paid, user):
        assert taxes(plain(order, user, 4200)) == [("0", 3000, 0), ("20", 1200, 200)]

    def test_an_amount_after_a_line_is_spread_over_what_is_left(self, order, paid, user):
        by_line(order, user, B=3)

        assert taxes(plain(order, user, 6000)) == [("20", 6000, 1000)]

    def test_a_line_whose_rate_was_used_up_before_takes_the_rest_from_the_others(self, order, paid, user):
        plain(order, user, 21000)
        assert taken_back(order) == {"0": (15000, 0), "20": (6000, 1000)}

        assert taxes(by_line(order, user, B=2)) == [("0", 15000, 0), ("20", 5000, 833)]

    @pytest.mark.parametrize(
        "steps", [[{"A": 1}, 5], [1, {"B": 1}, 3333], [7, 4999, {"B": 2}, 1], [21000, {"B": 2}]]
    )
    def test_whatever_came_before_all_of_it_takes_back_exactly_the_receipt(self, order, paid, user, steps):
        for step in steps:
            by_line(order, user, **step) if isinstance(step, dict) else plain(order, user, step)
        plain(order, user)

        receipt = order.receipts.get(kind=ReceiptKind.RECEIPT)
        assert taken_back(order) == {rate: (gross, tax) for rate, gross, tax in taxes(receipt)}


def fail(standin, refund: Refund) -> None:
    """Let the buyer's bank send the money back, and both of Stripe's events about it arrive."""
    standin.fail_refund(refund.provider_id)
    for _event in range(2):
        settle_refund(refund.provider_id, Cause.WEBHOOK)


def says(order: Order) -> int:
    """Return the amount that the shop has by its documents, in minor units."""
    receipt = order.receipts.get(kind=ReceiptKind.RECEIPT)
    return receipt.data["total_amount"] - sum(gross for gross, _tax in taken_back(order).values())


class TestFailure:
    def test_its_correction_is_taken_back_once_with_the_same_amounts(self, standin, order, paid, user):
        refund = give_back(order, user, kits=kits_of(line_of(order, "A")))
        fail(standin, refund)

        correction = order.receipts.get(kind=ReceiptKind.CORRECTION)
        reversal = order.receipts.get(kind=ReceiptKind.REVERSAL)
        assert (reversal.corrects, reversal.occasion) == (correction, f"{refund.occasion}-failed")
        assert taxes(reversal) == [("20", -12000, -2000)]
        assert reversal.data["total_amount"] == -12000
        assert [(line["sku"], line["quantity"]) for line in reversal.data["lines"]] == [("A", -1)]
        assert says(order) == ledger_of(order).kept == 42000

    def test_its_number_is_the_next_one(self, standin, order, paid, user):
        fail(standin, give_back(order, user, 100))

        assert [receipt.number[-6:] for receipt in order.receipts.all()] == ["000001", "000002", "000003"]

    def test_one_that_never_reached_the_buyer_has_no_document(self, standin, order, paid, user):
        standin.fault("pending_refund", count=1)
        fail(standin, give_back(order, user, 100))

        assert (corrections(order), reversals(order)) == ([], [])

    def test_a_later_smaller_refund_is_corrected_in_full(self, standin, order, paid, user):
        fail(standin, give_back(order, user, 4000))
        give_back(order, user, 1000)

        assert (corrections(order), reversals(order)) == ([4000, 1000], [-4000])
        assert says(order) == ledger_of(order).kept == 41000

    @pytest.mark.parametrize(
        "steps",
        [
            [4000, "fail 0", 4000, "fail 1", 1000],
            [{"A": 1}, {"B": 1}, "fail 0", {"B": 1}, {"A": 1}, "fail 1", {"B": 1}],
            [1, 3333, {"B": 1}, "fail 1", 42000 - 10001],
            [None, "fail 0", {"A": 1, "B": 3}, "fail 1", 41999, 1],
            [21000, {"B": 2}, "fail 0", {"A": 1}, "fail 1", "fail 2"],
        ],
    )
    def test_after_each_step_the_documents_say_what_the_ledger_does(self, standin, order, paid, user, steps):
        refunds: list[Refund] = []
        for step in steps:
            if isinstance(step, str):
                fail(standin, refunds[int(step[-1])])
            elif isinstance(step, dict):
                refunds.append(give_back(order, user, kits=some_kits(order, step)))
            else:
                refunds.append(give_back(order, user, step))
            assert says(order) == ledger_of(order).kept
            assert_no_rate_is_overdrawn(order)

    def test_money_that_was_paid_twice_is_in_no_document_when_its_return_fails(
        self, standin, order, payment, user
    ):
        Payment.objects.filter(pk=payment.pk).update(state=PaymentState.EXPIRED)
        again = begin_payment(order)
        pay(standin, payment)
        second = pay(standin, again)

        fail(standin, return_payment(second, user=user))

        assert order.receipts.count() == 1
        assert says(order) == order.total_amount

    def test_an_erasure_takes_the_goods_out_of_it_too(self, standin, order, paid, user):
        fail(standin, give_back(order, user, kits=kits_of(line_of(order, "A"))))

        assert erase_personal_data(order) == 3

        reversal = order.receipts.get(kind=ReceiptKind.REVERSAL)
        assert [line["sku"] for line in reversal.data["lines"]] == [""]
        assert reversal.data["buyer"]["name"] == ""
        assert taxes(reversal) == [("20", -12000, -2000)]

    def test_staff_see_which_correction_it_takes_back_and_the_sum(self, standin, order, paid, user, staff):
        fail(standin, give_back(order, user, 4000))

        screen = staff.get(reverse("orders:inspect", args=[order.pk])).content.decode()

        correction = order.receipts.get(kind=ReceiptKind.CORRECTION)
        assert f"Takes back correction {correction.number}" in screen
        assert "-$40" in screen

    def test_the_customer_finds_it_on_the_order_page(self, standin, order, paid, user, client):
        fail(standin, give_back(order, user, 4000))
        confirm(client, order)

        page = client.get(order.get_absolute_url()).content.decode()

        reversal = order.receipts.get(kind=ReceiptKind.REVERSAL)
        address = reverse("checkout:receipt", args=[order.secret, reversal.number])
        assert "Reversal of a correction" in page
        assert address in page
        assert client.get(address).content.startswith(b"%PDF")


def assert_no_rate_is_overdrawn(order: Order) -> None:
    """No rate has more taken back than the receipt says, nor less than nothing."""
    back = taken_back(order)
    for rate, gross, tax in taxes(order.receipts.get(kind=ReceiptKind.RECEIPT)):
        gross_back, tax_back = back.get(rate, (0, 0))
        assert 0 <= gross_back <= gross
        assert 0 <= tax_back <= tax


@pytest.mark.parametrize(
    ("currency", "price"), [("ISK", 990_100), ("KWD", 30_110), ("JPY", 9901), ("RSD", 990_155)]
)
def test_every_sum_exists_in_its_currency(standin, user, currency, price):
    make_site_settings()
    TaxRate.objects.create(country="GB", rate="24", valid_from="2020-01-01")
    make_code("SPRING", percentage=7)
    lines = [LineRequest(make_package(currency=currency, price_amount=price), 3)]
    order = place_order(make_details(people=3, country="GB"), lines, DiscountRequest("SPRING"))
    pay(standin, begin_payment(order))
    for count in (1, 2):
        give_back(order, user, kits=kits_of(order.lines.get(), count))

    order.refresh_from_db()
    line, kind = order.lines.get(), currency_of(currency)
    refunds = list(Refund.objects.values_list("amount", flat=True))
    documents = [
        amount for row in order.receipts.all() for tax in row.data["taxes"] for amount in tax.values()
    ]
    sums = [order.total_amount, line.discount_amount, line.tax_amount, *refunds, *documents]
    assert [amount for amount in sums if isinstance(amount, int) and not kind.is_exact(amount)] == []
    assert sum(refunds) == order.total_amount == standin.books()["totals"][currency.lower()]["refunded"]
    assert taken_back(order) == {"24": (order.total_amount, line.tax_amount)}
