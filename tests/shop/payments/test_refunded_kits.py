"""Kits whose money goes back: they are void, whatever happens in which order, and never in a parcel."""

import pytest
from django.db import IntegrityError, connection

from shop.cases.models import Case, CaseKind
from shop.mail.models import OutboxMail
from shop.orders.models import HoldKind, Kit, Order, OrderStatus, Shipment
from shop.orders.timeline import TimelineKind
from shop.orders.transitions import TransitionRefused, dispatch
from shop.payments.models import Cause, Refund, RefundState
from shop.payments.refund_requests import RefundRefused
from shop.payments.settling.refunds import record_refusal, settle_refund
from tests.factories.shop import make_order, make_site_settings
from tests.shop.payments.refunding import CREATED, FAILED, give_back, refund_mails, standing
from tests.shop.payments.test_races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(db) -> Order:
    """Three kits for 99 dollars each."""
    make_site_settings()
    return make_order(quantity=3)


@pytest.fixture
def kits(order) -> list[int]:
    return [kit.pk for kit in order.lines.get().kits.all()]


def void(order: Order) -> list[int]:
    return [*Kit.objects.filter(line__order=order).exclude(voided_at=None).values_list("pk", flat=True)]


def sent(order: Order, user) -> list[int]:
    """Dispatch the order and return the ids of the kits in the parcel."""
    dispatch(order.pk, "DHL", "JD1", user)
    return [*order.shipments.get().kits.values_list("pk", flat=True)]


def fail(standin, post_event, refund: Refund) -> None:
    refund.refresh_from_db()
    standin.fail_refund(refund.provider_id)
    post_event(FAILED)


class TestNamed:
    def test_a_named_kit_is_in_no_parcel_and_the_customer_is_told(self, order, paid, kits, user):
        give_back(order, user, kits=kits[1:2])

        assert void(order) == kits[1:2]
        assert "Your order keeps 2 of its 3 kits" in refund_mails().get().text_body
        assert sent(order, user) == [kits[0], kits[2]]
        told = OutboxMail.objects.get(kind="order_dispatched").text_body
        assert "2 kits left us today" in told
        assert "1 kit of your order is not in it" in told

    def test_one_that_is_only_promised_is_void_too(self, standin, order, paid, kits, user):
        standin.fault("rate_limit", match="POST /v1/refunds", count=9)
        assert give_back(order, user, kits=kits[:1]).state == RefundState.REQUESTED

        assert sent(order, user) == kits[1:]

    def test_one_that_fails_gives_its_kit_back(self, standin, order, paid, kits, user, post_event):
        fail(standin, post_event, give_back(order, user, kits=kits[:1]))

        assert void(order) == []
        assert sent(order, user) == kits
        kinds = [entry.kind for entry in order.timeline.all() if entry.kind.startswith("kits")]
        assert kinds == [TimelineKind.KITS_VOIDED, TimelineKind.KITS_GIVEN_BACK]

    def test_a_kit_that_two_refunds_name_is_given_back_with_neither_alone(
        self, standin, order, paid, kits, user, post_event
    ):
        """The first was taken for refused, so its kit was free again; then Stripe says that it was made."""
        standin.fault("server_error_after", match="POST /v1/refunds", count=3)
        standin.fault("server_error", match="GET /v1/refunds", count=3)
        first = give_back(order, user, kits=kits[:1])
        standin.clear_faults()
        made = standin.events(CREATED)[-1]["data"]["object"]["id"]
        record_refusal(first, Cause.STAFF)
        assert void(order) == []
        second = give_back(order, user, kits=kits[:1])
        settle_refund(made, Cause.WEBHOOK)

        fail(standin, post_event, first)
        assert void(order) == kits[:1]
        assert sent(order, user) == kits[1:]
        fail(standin, post_event, second)
        assert void(order) == []

    def test_one_that_fails_when_the_parcel_has_left_says_what_stayed_here(
        self, standin, order, paid, kits, user, post_event
    ):
        refund = give_back(order, user, kits=kits[:1])
        sent(order, user)
        fail(standin, post_event, refund)

        assert void(order) == []
        reason = Case.objects.get(kind=CaseKind.REFUND_FAILED).reason
        assert "1 kit was kept here for it, and the parcel has left without it." in reason

    def test_one_that_has_left_is_not_void_and_not_given_back_twice(self, order, paid, kits, user):
        assert sent(order, user) == kits
        give_back(order, user, kits=kits[:1])

        assert void(order) == []
        assert "keeps" not in refund_mails().get().text_body
        with pytest.raises(RefundRefused, match="goes back already"):
            give_back(order, user, kits=kits[:1])


class TestAll:
    @pytest.mark.parametrize("parts", [[None], [29700], [10000, 19700], ["kits"], ["kit", None]])
    def test_whatever_way_all_of_the_money_goes_back_no_kit_is_sent(self, order, paid, kits, user, parts):
        for part in parts:
            if isinstance(part, str):
                give_back(order, user, kits=kits if part == "kits" else kits[:1])
            else:
                give_back(order, user, part)

        assert void(order) == kits
        assert standing(order) == [HoldKind.REFUNDED]
        with pytest.raises(TransitionRefused, match="all of the money goes back"):
            dispatch(order.pk, "DHL", "1", user)
        assert "No kit of this order will be sent." in refund_mails().latest("pk").text_body
        assert not Shipment.objects.exists()

    def test_in_stripes_dashboard(self, standin, order, paid, kits, user, post_event):
        standin.refund(paid.session_id, 9900)
        post_event(CREATED)
        assert void(order) == []
        standin.refund(paid.session_id, 19800)
        post_event(CREATED)

        assert void(order) == kits
        assert standing(order) == [HoldKind.REFUNDED]

    def test_when_a_part_fails_only_the_kits_that_were_named_stay_void(
        self, standin, order, paid, kits, user, post_event
    ):
        give_back(order, user, kits=kits[:1])
        fail(standin, post_event, give_back(order, user))

        assert void(order) == kits[:1]
        assert standing(order) == []
        assert sent(order, user) == kits[1:]


def test_the_database_takes_no_void_kit_in_a_parcel(order, paid, kits, user):
    give_back(order, user, kits=kits[:1])
    shipment = Shipment.objects.create(order=order, carrier="DHL", tracking_number="JD1")

    with pytest.raises(IntegrityError):
        Kit.objects.filter(pk=kits[0]).update(shipment=shipment)


def refund_and_dispatch(order: Order, kits: list[int], user, *, with_locks: bool = True, **fields) -> list:
    fields = fields or {"kits": kits[:1]}

    def work(number: int):
        if number:
            return dispatch(order.pk, "DHL", "JD1", user)
        return give_back(order, user, **fields)

    return at_once(2, work, with_locks=with_locks, table="orders_kit")


@pytest.mark.django_db(transaction=True)
def test_a_refund_and_a_parcel_at_once_never_take_the_same_kit(standin, order, paid, kits, django_user_model):
    answers = refund_and_dispatch(order, kits, django_user_model.objects.create_user("packer"))

    assert [type(answer) for answer in answers] == [Refund, Order]
    first = Kit.objects.get(pk=kits[0])
    assert bool(first.voided_at) != bool(first.shipment_id)
    assert Order.objects.get().status == OrderStatus.DISPATCHED


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_only_the_database_keeps_them_apart(
    standin, order, paid, kits, django_user_model
):
    answers = refund_and_dispatch(
        order, kits, django_user_model.objects.create_user("packer"), with_locks=False
    )

    assert IntegrityError in {type(answer) for answer in answers}
    first = Kit.objects.get(pk=kits[0])
    assert not (first.voided_at and first.shipment_id)


@pytest.fixture
def only_locks(transactional_db):
    """Let the database accept a void kit in a parcel, until the test ends."""
    rule = next(rule for rule in Kit._meta.constraints if rule.name == "no_void_kit_in_a_parcel")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Kit, rule)
    yield
    Kit.objects.exclude(shipment=None).update(voided_at=None)
    with connection.schema_editor() as editor:
        editor.add_constraint(Kit, rule)


@pytest.mark.postgres
@pytest.mark.parametrize("with_locks", [True, False])
def test_the_locks_keep_them_apart_by_themselves_and_nothing_else_does(
    only_locks, standin, order, paid, kits, django_user_model, with_locks
):
    refund_and_dispatch(order, kits, django_user_model.objects.create_user("packer"), with_locks=with_locks)

    first = Kit.objects.get(pk=kits[0])
    assert bool(first.voided_at and first.shipment_id) is not with_locks


@pytest.mark.django_db(transaction=True)
def test_all_of_the_money_and_a_parcel_at_once_end_in_plain_words(
    standin, order, paid, kits, django_user_model
):
    user = django_user_model.objects.create_user("packer")
    refund, parcel = refund_and_dispatch(order, kits, user, amount=None)

    assert isinstance(refund, Refund)
    if isinstance(parcel, TransitionRefused):
        assert "all of the money goes back" in str(parcel)
        assert (void(order), Shipment.objects.count()) == (kits, 0)
    else:
        assert (void(order), parcel.shipments.get().kits.count()) == ([], 3)


def refund_twice(order: Order, kits: list[int], user, *, with_locks: bool = True) -> list:
    """Two of the staff give back the same kit."""
    return at_once(
        2,
        lambda _number: give_back(order, user, kits=kits[:1]),
        with_locks=with_locks,
        table="payments_refund",
    )


@pytest.mark.django_db(transaction=True)
def test_two_refunds_at_once_never_name_the_same_kit(standin, order, paid, kits, django_user_model):
    answers = refund_twice(order, kits, django_user_model.objects.create_user("bookkeeper"))

    assert {type(answer) for answer in answers} == {Refund, RefundRefused}
    assert standin.books()["totals"]["usd"]["net"] == 19800


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_both_name_it(standin, order, paid, kits, django_user_model):
    refund_twice(order, kits, django_user_model.objects.create_user("bookkeeper"), with_locks=False)

    assert Refund.objects.count() == 2
