"""Which code may be used, for what, by whom and how often."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.discounts import reserving
from shop.discounts.models import DiscountCode, DiscountUse, UseState
from shop.discounts.reserving import CodeRefused, PricedLine, claim, quote, reserve
from tests.factories.shop import make_code, make_package

pytestmark = pytest.mark.django_db

LINES = [PricedLine(1, 9900)]
CANNOT_BE_USED = "This code cannot be used any more."


def refusal(text: str = "SPRING", lines=None, currency: str = "USD") -> str:
    with pytest.raises(CodeRefused) as raised:
        quote(text, lines or LINES, currency)
    return str(raised.value)


def use(code: DiscountCode, reference: str, email: str = "jo@example.org") -> DiscountUse:
    """Make a reservation as an order does."""
    with transaction.atomic():
        return reserve(claim(code.code, LINES, "USD", email=email), order_reference=reference, email=email)


def test_capitals_and_spaces_make_no_difference():
    code = make_code("  spring 26 ")

    assert code.code == "SPRING26"
    assert quote(" Spring26", LINES, "USD").amount == 990


@pytest.mark.parametrize(
    "changes",
    [
        {"percentage": None},
        {"percentage": 10, "amount": 500, "currency": "USD"},
        {"amount": 500},
        {"percentage": 10, "currency": "USD"},
        {"percentage": 0},
        {"percentage": 101},
    ],
)
def test_the_database_takes_either_a_percentage_or_an_amount_with_its_currency(changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        DiscountCode.objects.create(code="SPRING", **changes)


def test_unknown_inactive_and_early_codes_are_answered_alike():
    make_code("OFF", is_active=False)
    make_code("EARLY", valid_from=timezone.now() + timedelta(days=1))

    assert len({refusal("NOTHING"), refusal("OFF"), refusal("EARLY")}) == 1


def test_a_code_ends_with_the_moment_it_is_valid_until():
    code = make_code(valid_from=timezone.now() - timedelta(days=1), valid_until=timezone.now())

    assert refusal() == CANNOT_BE_USED
    code.valid_until = timezone.now() + timedelta(minutes=1)
    code.save()
    assert quote("SPRING", LINES, "USD")


def test_an_amount_counts_in_its_own_currency_only():
    make_code(amount=1000, currency="EUR")

    assert "another currency" in refusal()
    assert quote("SPRING", LINES, "EUR").amount == 1000


def test_a_code_for_some_packages_leaves_the_others_alone():
    cheaper, other = make_package(), make_package()
    make_code(packages=(cheaper,))

    assert quote("SPRING", [PricedLine(other.pk, 500), PricedLine(cheaper.pk, 1000)], "USD").parts == [0, 100]
    assert "not for the health checks" in refusal(lines=[PricedLine(other.pk, 500)])


def test_a_package_named_by_a_code_cannot_vanish_and_so_widen_the_code():
    package = make_package()
    make_code(packages=(package,))

    with pytest.raises(ProtectedError):
        package.delete()


@pytest.mark.parametrize("changes", [{"percentage": "99.9"}, {"amount": 9851, "currency": "USD"}])
def test_an_order_must_leave_what_stripe_can_charge(changes):
    make_code(**changes)

    assert "less than $0.50" in refusal()


def test_exactly_what_stripe_can_charge_may_be_left():
    make_code(amount=9850, currency="USD")

    assert quote("SPRING", LINES, "USD").amount == 9850


def test_the_last_use_is_the_last_until_it_is_given_back():
    code = make_code(total_limit=1)
    use(code, "order:A")

    assert refusal() == CANNOT_BE_USED
    assert quote("SPRING", LINES, "USD", own_reference="order:A")
    reserving.give_back("order:A")
    use(code, "order:B")


def test_one_customer_is_one_however_the_address_is_typed():
    code = make_code(customer_limit=1)
    use(code, "order:A", "Jo@Example.org")

    with pytest.raises(CodeRefused, match=CANNOT_BE_USED):
        use(code, "order:B", " jo@example.ORG ")
    use(code, "order:C", "other@example.org")


def test_a_sub_address_is_another_customer():
    code = make_code(customer_limit=1)
    use(code, "order:A", "jo@example.org")
    use(code, "order:B", "jo+1@example.org")

    assert code.uses.count() == 2


@pytest.mark.parametrize(
    "end",
    [
        {"valid_until": timezone.now() - timedelta(days=1)},
        {"total_limit": 1},
        {"customer_limit": 1},
    ],
    ids=["ended", "used up", "used by this customer"],
)
def test_that_an_address_has_used_a_code_looks_like_any_other_end_of_it(end):
    code = make_code(total_limit=5, customer_limit=5)
    use(code, "order:A", "victim@example.org")
    DiscountCode.objects.update(**end)

    with CaptureQueriesContext(connection) as captured, pytest.raises(CodeRefused) as refused:
        claim("SPRING", LINES, "USD", email="victim@example.org")

    assert str(refused.value) == CANNOT_BE_USED
    # The code's row, its uses in all, and this customer's: whatever the reason is.
    assert len(captured) == 3


def test_what_is_used_is_not_given_back():
    use(make_code(), "order:A")
    reserving.confirm("order:A")
    reserving.give_back("order:A")

    assert DiscountUse.objects.get().state == UseState.USED


def test_what_was_given_back_is_not_used_by_a_late_payment():
    use(make_code(), "order:A")
    reserving.give_back("order:A")
    reserving.confirm("order:A")

    assert DiscountUse.objects.get().state == UseState.GIVEN_BACK


def test_an_order_uses_one_code_once():
    code = make_code()
    use(code, "order:A")

    with pytest.raises(IntegrityError), transaction.atomic():
        use(code, "order:A")


def test_a_used_code_cannot_be_deleted():
    code = make_code()
    use(code, "order:A")

    with pytest.raises(ProtectedError):
        code.delete()


def test_the_address_is_not_kept_and_a_forgotten_use_still_counts():
    code = make_code(total_limit=1)
    kept = use(code, "order:A")
    assert "jo@example.org" not in kept.customer_key
    reserving.forget_customer("order:A")
    reserving.forget_customer("order:A")

    forgotten = DiscountUse.objects.get()
    assert (forgotten.customer_key, forgotten.order_reference) == ("", f"erased:{forgotten.pk}")
    assert refusal() == CANNOT_BE_USED
