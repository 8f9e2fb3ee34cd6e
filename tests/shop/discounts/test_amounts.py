"""The parts of a discount add up, whatever the prices are."""

from decimal import Decimal
from itertools import product

import pytest

from shop.discounts.amounts import discount_on, spread
from shop.discounts.models import DiscountCode


@pytest.mark.parametrize(
    ("percentage", "amount", "discount"),
    [("10", 9900, 990), ("15", 9999, 1500), ("12.5", 100, 13), ("0.01", 4999, 0), ("100", 9900, 9900)],
)
def test_a_percentage_is_rounded_half_up(percentage, amount, discount):
    assert discount_on(DiscountCode(percentage=Decimal(percentage)), amount, "USD") == discount


@pytest.mark.parametrize(("off", "amount", "discount"), [(1000, 9900, 1000), (9900, 500, 500)])
def test_an_amount_never_takes_off_more_than_there_is(off, amount, discount):
    assert discount_on(DiscountCode(amount=off, currency="USD"), amount, "USD") == discount


def test_what_rounding_leaves_goes_to_the_lines_that_lost_most():
    assert spread(100, [100, 100, 100], "USD") == [34, 33, 33]
    assert spread(10, [5, 2, 8], "USD") == [4, 1, 5]  # shares 3.33, 1.33, 5.33: the first of equals
    assert spread(7, [1, 999], "USD") == [0, 7]


def test_a_line_that_the_code_is_not_for_pays_in_full():
    assert spread(50, [0, 300, 0, 100], "USD") == [0, 38, 0, 12]
    assert spread(0, [0, 0], "USD") == [0, 0]


def test_the_parts_add_up_and_none_is_more_than_its_line():
    for amounts in product([0, 1, 3, 50, 9999], repeat=3):
        for total in {0, 1, sum(amounts) // 3, sum(amounts) // 2, sum(amounts)}:
            if total <= sum(amounts):
                parts = spread(total, amounts, "USD")
                assert sum(parts) == total
                assert all(0 <= part <= amount for part, amount in zip(parts, amounts, strict=True))
