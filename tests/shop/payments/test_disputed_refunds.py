"""Whether money can go back while or after the payer complains to the bank: Stripe is asked."""

import pytest

from shop.orders.models import HoldKind
from shop.payments.models import Dispute, DisputeState, Refund
from shop.payments.refund_requests import RefundRefused
from tests.shop.payments.refunding import give_back, give_status, standing

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_allowed", [True, False])
@pytest.mark.parametrize("status", [*DisputeState, "something_new"])
def test_money_goes_back_exactly_where_stripe_allows_it(standin, order, paid, user, status, is_allowed):
    dispute = standin.dispute(paid.session_id, 2500)
    give_status(standin, dispute, status, is_charge_refundable=is_allowed)

    if is_allowed:
        assert give_back(order, user, 100, accepts_dispute=True).state == "succeeded"
    else:
        with pytest.raises(RefundRefused, match="Stripe allows no refund"):
            give_back(order, user, 100, accepts_dispute=True)
        assert not Refund.objects.exists()
    assert standin.books()["totals"]["usd"]["refunded"] == (100 if is_allowed else 0)


def test_a_dispute_that_nobody_has_heard_of_is_found_before_money_leaves(standin, order, paid, user):
    standin.dispute(paid.session_id, 2500)

    with pytest.raises(RefundRefused, match="A dispute is open"):
        give_back(order, user, 100)
    assert standing(order) == [HoldKind.DISPUTE]
    assert not Refund.objects.exists()


def test_what_a_won_dispute_gave_back_can_be_refunded_before_its_event_comes(
    standin, order, paid, disputed, user
):
    standin.close_dispute(disputed["id"], won=True)

    assert give_back(order, user, 9900).state == "succeeded"
    assert standin.books()["totals"]["usd"] == {
        "received": 9900,
        "refunded": 9900,
        "disputed": 0,
        "net": 0,
    }


def test_a_lost_dispute_leaves_nothing(standin, order, paid, disputed, user):
    standin.close_dispute(disputed["id"], won=False)

    with pytest.raises(RefundRefused, match="Nothing is left"):
        give_back(order, user, 100, accepts_dispute=True)


def test_without_stripes_answer_it_stays_as_it_was(standin, order, paid, disputed, user):
    standin.fault("rate_limit", match="GET /v1/disputes", count=20)

    with pytest.raises(RefundRefused):
        give_back(order, user, 100)
    assert Dispute.objects.get().state == "needs_response"
