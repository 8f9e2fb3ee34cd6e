"""After an erasure nothing personal or medical is anywhere in the database, and the accounts are right."""

import base64
import json
import zlib
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from shop.cases.actions import open_case
from shop.checkout.models import Basket, LinkRequest
from shop.mail.models import MailState, OutboxMail
from shop.orders import mails, transitions
from shop.orders.holds import place_hold
from shop.orders.models import HoldKind, Order, OrderStatus
from shop.orders.placing import DiscountRequest, LineRequest, place_order
from shop.orders.timeline import sentence
from shop.payments.cancelling import cancel_unpaid
from shop.payments.ledger import ledger_of
from shop.payments.models import Refund
from shop.payments.refund_requests import RefundRequest, request_refund
from shop.privacy import erasure
from shop.privacy.erasure import ErasureRefused, erase_order, erase_person
from shop.privacy.export import export_order
from tests.factories.shop import make_code, make_details, make_package
from tests.shop.privacy.conftest import (
    BORN,
    CITY,
    EMAIL,
    NAME,
    PACKAGE,
    PHONE,
    POSTAL_CODE,
    RECIPIENT,
    REFUNDED,
    SKU,
    STREET,
    STREET_2,
    TESTED,
    TRACKING,
    place,
)
from tests.shop.privacy.database_dump import dump, tables_with

pytestmark = pytest.mark.django_db

DATES = [
    BORN.strftime(form)
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d %b %Y", "%d %B %Y", "%Y%m%d")
]
PERSONAL = [
    NAME, "Quillfeather", RECIPIENT, TESTED, EMAIL, PHONE, PHONE[2:], STREET, STREET_2, CITY, POSTAL_CODE,
    TRACKING, *DATES,
]  # fmt: skip
MEDICAL = [PACKAGE, "Zebra", SKU, "Ferritin", "2276-4"]
# What the shop sells and writes about is no secret: it says nothing of who bought it.
PUBLIC_TABLES = ("catalogue_", "wagtailsearch_", "wagtailcore_", "articles_", "home_")


def test_nothing_personal_or_medical_is_left_in_any_table(bought):
    before = tables_with(PERSONAL + MEDICAL, without=PUBLIC_TABLES)
    assert {
        "orders_order", "orders_orderline", "orders_testedperson", "orders_ordernote", "orders_timelineentry",
        "orders_shipment", "mail_outboxmail", "mail_mailattempt", "cases_case", "payments_webhookevent",
        "payments_refund", "checkout_linkrequest",
    } <= set().union(*before.values())  # fmt: skip

    Order.objects.filter(pk=bought.pk).update(basket_key=7)

    assert erase_order(bought.pk)

    assert not Order.objects.exclude(basket_key=None).exists()
    assert tables_with(PERSONAL) == {}
    assert tables_with(MEDICAL, without=PUBLIC_TABLES) == {}
    assert not Basket.objects.exists()
    assert not LinkRequest.objects.exists()


def test_the_search_finds_what_is_encoded(bought):
    erase_order(bought.pk)
    packed = base64.urlsafe_b64encode(zlib.compress(json.dumps({"said": f"For {NAME}"}).encode())).decode()
    Session.objects.create(session_key="one", session_data=f".{packed}:x:y", expire_date=timezone.now())

    assert tables_with([NAME]) == {NAME: {"django_session"}}


def accounts(order: Order) -> list:
    money = ["total_amount", "discount_amount", "currency", "country", "status", "paid_at", "code"]
    return [
        list(Order.objects.filter(pk=order.pk).values_list(*money)),
        list(order.lines.values_list("unit_amount", "quantity", "discount_amount", "tax_rate", "tax_amount")),
        list(order.payments.values_list("amount", "currency", "state", "session_id", "payment_intent_id")),
        list(Refund.objects.filter(payment__order=order).values_list("amount", "currency", "state")),
        [(receipt.number, receipt.data["total_amount"]) for receipt in order.receipts.all()],
        ledger_of(Order.objects.get(pk=order.pk)).kept,
        list(order.consents.values_list("text__kind", "text__version", "given_at")),
        list(order.lines.values_list("kits__pk", "kits__person_id", "kits__shipment_id")),
        [
            (entry.kind, entry.data.get("amount"), entry.data.get("currency"))
            for entry in order.timeline.exclude(kind="erased")
        ],
    ]


def test_the_accounts_stay_as_they_were(bought):
    before = accounts(bought)
    assert 9900 - REFUNDED in before

    erase_order(bought.pk)

    assert accounts(bought) == before


def test_the_timeline_says_who_erased_and_why(bought, colleague):
    erase_order(bought.pk, user=colleague, cause="mistake")

    entry = bought.timeline.get(kind="erased")
    assert (entry.actor, entry.user, entry.data) == ("staff", colleague, {"cause": "mistake"})


@pytest.mark.parametrize(
    ("carrier", "kept", "words"),
    [
        (f"Neighbour {NAME}", "(erased)", "Dispatched."),
        (f"DHL, {NAME}", "(erased)", "Dispatched."),
        ("royal mail", "royal mail", "Dispatched with royal mail."),
    ],
)
def test_only_a_known_carrier_keeps_its_name(paid, colleague, carrier, kept, words):
    transitions.dispatch(paid.pk, carrier, TRACKING, user=colleague)

    erase_order(paid.pk)

    assert paid.shipments.get().carrier == kept
    assert sentence(paid.timeline.get(kind="dispatched")) == words
    assert tables_with([NAME, "Neighbour"]) == {}


def test_a_second_run_changes_nothing(bought):
    erase_order(bought.pk)
    before = dump()

    assert not erase_order(bought.pk)

    assert dump() == before


def test_a_second_run_takes_out_what_was_written_since(bought, colleague):
    erase_order(bought.pk)
    bought.notes.create(author=colleague, text=f"{NAME} rang again")

    erase_order(bought.pk)

    assert tables_with(PERSONAL) == {}
    assert bought.timeline.filter(kind="erased").count() == 1


def test_the_old_link_is_dead(bought, visitor):
    address = reverse("checkout:order", args=[bought.secret])
    assert visitor.get(address).status_code == 200

    erase_order(bought.pk)

    assert visitor.get(address).status_code == 404
    assert tables_with([bought.secret]) == {}


def test_what_waits_is_never_sent(bought):
    OutboxMail.objects.filter(kind="order_paid").update(
        state=MailState.SENDING, leased_until=timezone.now() - timedelta(minutes=1)
    )

    erase_order(bought.pk)

    assert not OutboxMail.objects.waiting().exists()


def test_an_erased_order_gets_no_mail_any_more(bought):
    erase_order(bought.pk)
    bought.refresh_from_db()

    assert mails.payment_retry(bought, attempt=7, has_failed=True) is None


def refused(order: Order, **how) -> str:
    """Return the message of the refusal, after which nothing was written."""
    before = dump()
    with pytest.raises(ErasureRefused) as refusal:
        erase_order(order.pk, **how)
    assert dump() == before
    return str(refusal.value)


class TestRefusals:
    def test_an_order_that_can_be_paid(self, package):
        order = place(package)

        assert "cancel it first" in refused(order)
        assert "cancel it first" in refused(order, force=True)

    def test_a_payment_that_may_still_bring_money(self, bought):
        bought.payments.update(state="processing")

        assert "may still arrive" in refused(bought, force=True)

    def test_a_mail_that_is_being_sent(self, bought):
        OutboxMail.objects.filter(kind="order_paid").update(
            state=MailState.SENDING, leased_until=timezone.now() + timedelta(minutes=1)
        )

        assert "being sent" in refused(bought, force=True)

    def test_a_paid_order_that_has_not_left(self, paid):
        assert "has not been dispatched" in refused(paid)

    def test_one_that_was_given_back_in_full_is_finished(self, paid, colleague):
        request_refund(paid, RefundRequest(reason="", amount=9900), user=colleague)

        assert erase_order(paid.pk)

    def test_a_refund_that_may_fail(self, standin, bought, colleague):
        standin.fault("pending_refund", count=1)
        request_refund(bought, RefundRequest(reason="", amount=100), user=colleague)

        assert "may fail" in refused(bought)

    def test_an_order_that_is_held(self, bought):
        place_hold(bought, HoldKind.DISPUTE)

        assert "a dispute is open" in refused(bought)

    def test_an_order_with_an_open_case(self, bought):
        open_case("dispute", reference=bought.reference, reason="Disputed")

        assert "a case" in refused(bought)

    def test_a_forced_one_says_what_it_overrode_and_never_leaves(self, paid, colleague):
        place_hold(paid, HoldKind.DISPUTE)

        erase_order(paid.pk, force=True)

        assert paid.timeline.get(kind="erased").data["forced"] == ["paid", "hold"]
        assert tables_with(PERSONAL) == {}
        paid.holds.all().delete()
        with pytest.raises(transitions.TransitionRefused, match="erased"):
            transitions.dispatch(paid.pk, "DHL", "1", user=colleague)


class TestPerson:
    def test_all_orders_of_the_address_in_any_case_and_no_other(self, bought, package):
        other = place(package, email="somebody@else.example")
        unpaid = place(package, email=EMAIL.upper())

        result = erase_person(f" {EMAIL.title()} ")

        assert result.erased == [bought.code]
        assert list(result.refused) == [unpaid.code]
        other.refresh_from_db()
        assert (other.erased_at, other.email) == (None, "somebody@else.example")

    def test_an_empty_address_is_nobody(self, bought):
        erase_order(bought.pk)

        with pytest.raises(ValueError, match="address"):
            erase_person(" ")


@pytest.mark.django_db(transaction=True)
def test_a_failing_eraser_leaves_everything(package, monkeypatch):
    order = place(package)
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.CANCELLED)
    before = dump()

    def broken(order: Order) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(erasure, "ERASERS", [*erasure.ERASERS, broken])
    with pytest.raises(RuntimeError):
        erase_order(order.pk)

    assert not connection.in_atomic_block
    assert dump() == before


def test_a_use_of_a_discount_code_is_exported_and_then_nobodys_but_still_counts():
    code = make_code()
    order = place_order(
        make_details(email=EMAIL), [LineRequest(make_package(), 1)], DiscountRequest("SPRING")
    )
    assert export_order(order)["discount_uses"][0]["code"] == "SPRING"
    cancel_unpaid(order.pk)
    erase_order(order.pk)

    use = code.uses.get()
    assert (use.customer_key, use.order_reference) == ("", f"erased:{use.pk}")
    assert Order.objects.get().discount_code == ""
