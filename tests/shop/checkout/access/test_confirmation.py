"""An order's link alone shows where it stands; the rest is for who can say whose order it is."""

import re
import time
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shop.checkout.access.confirmation import COOKIE, LINK_COOKIE
from shop.orders.links import renew_link
from shop.orders.models import Actor, Order
from shop.orders.transitions import apply, dispatch
from shop.payments.models import Payment
from tests.factories.shop import make_order, make_package, make_site_settings
from tests.shop.checkout.conftest import confirm

BIRTH = {"question": "birth", "date_of_birth_0": "2", "date_of_birth_1": "4", "date_of_birth_2": "1985"}
WRONG_EMAIL = {"question": "email", "email": "somebody@example.org"}
QUESTION = "Is this your order?"


@pytest.fixture
def order(db) -> Order:
    make_site_settings()
    return make_order(package=make_package(name="Iron check", sku="IRON"), quantity=2)


def page(client: Client, order: Order) -> str:
    return client.get(order.get_absolute_url()).content.decode()


def test_a_found_link_shows_code_state_and_the_way_to_pay_only(client, order):
    text = page(client, order)

    for shown in (order.code, "waits for your payment", "Pay now", QUESTION):
        assert shown in text
    for hidden in (
        "Iron", "IRON", "Ferritin", "1985", "Person 1", "2 people", "Sample", "12345", "$", order.email,
    ):  # fmt: skip
        assert hidden not in text


def pay(client: Client, order: Order):
    address = reverse("checkout:pay", args=[order.secret])
    return client.post(address, headers={"Sec-Fetch-Site": "same-origin"})


def return_page(client: Client, payment: Payment) -> str:
    return client.get("/checkout/return/", {"session_id": payment.session_id}).content.decode()


def session_at(standin, payment: Payment) -> dict:
    return standin.store.find("checkout.session", payment.session_id)


def test_who_has_only_the_link_can_pay_without_learning_whose_order_it_is(client, order, standin):
    pay(client, order)

    payment = Payment.objects.get()
    assert session_at(standin, payment)["customer_email"] is None
    standin.pay(payment.session_id, email="somebody@example.org")
    text = return_page(client, payment)
    assert "Your payment has arrived" in text
    assert order.get_absolute_url() in text
    assert order.email not in text
    assert QUESTION in page(client, order)


def test_who_has_only_the_payments_number_gets_no_link_not_even_the_renewed_one(
    client, order, standin, admin_user
):
    payer = Client()
    pay(payer, order)
    payment = Payment.objects.get()
    standin.pay(payment.session_id)
    assert order.secret not in return_page(client, payment)

    secret = renew_link(order.pk, admin_user).secret

    for browser in (client, payer):
        assert "Get the link by e-mail" in return_page(browser, payment)
        assert secret not in return_page(browser, payment)


def test_having_used_the_link_confirms_nothing(client, order, standin):
    pay(client, order)
    client.cookies[COOKIE] = client.cookies[LINK_COOKIE].value

    assert QUESTION in page(client, order)


def test_who_has_only_the_link_is_not_sent_to_a_payment_page_that_names_the_buyer(client, order, standin):
    buyer = Client()
    confirm(buyer, order)
    named = pay(buyer, order)
    assert session_at(standin, Payment.objects.get())["customer_email"] == order.email

    unnamed = pay(client, order)

    first, second = Payment.objects.order_by("pk")
    assert unnamed.url != named.url
    assert session_at(standin, first)["status"] == "expired"
    assert session_at(standin, second)["customer_email"] is None
    # There is never more than one that can be paid: the buyer goes on with this one.
    assert pay(buyer, order).url == unnamed.url


def test_a_found_link_of_a_sent_order_shows_no_parcel_and_no_receipt(client, order, admin_user):
    apply(order.pk, "pay", actor=Actor.STRIPE)
    dispatch(order.pk, "Parcel Post", "PP123", admin_user)

    text = page(client, order)

    assert "Your order is on its way" in text
    for hidden in ("Parcel Post", "PP123", ".pdf", "Pay now"):
        assert hidden not in text


@pytest.mark.parametrize(
    "answer", [{"question": "email", "email": " JO@Example.org "}, BIRTH], ids=["e-mail", "birth"]
)
def test_either_answer_opens_the_page_to_this_browser(client, order, answer):
    response = confirm(client, order, **answer)

    assert (response.status_code, response.url) == (303, order.get_absolute_url())
    assert "2 people" in page(client, order)
    assert QUESTION not in page(client, order)
    assert QUESTION in page(Client(), order)


@pytest.mark.parametrize(
    ("answer", "field", "typed"),
    [
        (WRONG_EMAIL, "email", 'value="somebody@example.org"'),
        ({**BIRTH, "date_of_birth_2": "1986"}, "date_of_birth", 'value="1986"'),
    ],
    ids=["e-mail", "birth"],
)
def test_a_wrong_answer_is_marked_opens_nothing_and_keeps_what_was_typed(client, order, answer, field, typed):
    response = confirm(client, order, **answer)

    assert response.status_code == 422
    assert "This does not belong to this order" in response.context["answered"].errors[field][0]
    assert f'id="id_{field}_error"' in response.content.decode()
    assert typed in response.content.decode()
    assert COOKIE not in response.cookies
    assert QUESTION in page(client, order)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"question": "email", "email": ""}, "Enter the e-mail address that you ordered with."),
        ({**BIRTH, "date_of_birth_1": "31"}, "This date does not exist."),
        ({"question": "nonsense", "email": "\x00\u200b"}, "Enter the e-mail address that you ordered with."),
    ],
)
def test_an_answer_that_is_none_is_explained_and_not_counted(client, order, answer, words):
    for _ in range(20):
        response = confirm(client, order, **answer)

    assert response.status_code == 422
    assert words in response.content.decode()


def test_who_guesses_is_stopped_whatever_they_ask_and_a_new_link_begins_anew(client, order, admin_user):
    statuses = [confirm(Client(), order, **WRONG_EMAIL).status_code for _ in range(5)]
    refused = confirm(client, order)  # the right answer, too late to tell by it

    assert statuses == [422] * 5
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert "tried too often" in refused.content.decode()
    assert f'value="{order.email}"' in refused.content.decode()
    assert COOKIE not in refused.cookies
    assert confirm(client, renew_link(order.pk, admin_user)).status_code == 303


def test_the_buyers_browser_needs_no_answer(browser, standin):
    browser.add(make_package())
    browser.send_details()
    order = Order.objects.get()
    session = Payment.objects.get().session_id

    assert "1 person" in page(browser, order)
    returned = browser.get("/checkout/return/", {"session_id": session}).content.decode()
    assert order.email in returned
    # The address of the return page, opened elsewhere, tells less.
    elsewhere = Client().get("/checkout/return/", {"session_id": session}).content.decode()
    assert order.email not in elsewhere
    assert "$99" not in elsewhere


def test_one_order_opens_no_other(client, order):
    other = make_order(email="jo@example.org")
    confirm(client, order)

    assert QUESTION in page(client, other)
    confirm(client, other)
    assert QUESTION not in page(client, order)
    assert QUESTION not in page(client, other)


def test_it_is_forgotten_after_a_day_and_with_the_browser(client, order):
    with time_machine.travel(time.time(), tick=False) as clock:
        cookie = confirm(client, order).cookies[COOKIE]
        clock.shift(timedelta(hours=23))
        confirm(client, make_order())  # does not prolong the first
        assert QUESTION not in page(client, order)
        clock.shift(timedelta(hours=1, seconds=1))
        assert QUESTION in page(client, order)

    assert not cookie["max-age"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    for told in (order.secret, order.code, order.email):
        assert told not in cookie.value


@pytest.mark.parametrize("value", ["", "nonsense", "e30:1:x", "é"])
def test_a_made_up_cookie_opens_nothing(client, order, value):
    client.cookies[COOKIE] = value

    assert QUESTION in page(client, order)


def test_answers_are_taken_from_this_sites_own_forms_only(client, order):
    address = reverse("checkout:confirm", args=[order.secret])

    assert client.post(address, BIRTH, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get(address).status_code == 405


def queries_of(act) -> list[str]:
    """Return the statements of a request without their values."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return [re.sub(r"'[^']*'|\"s\d+_x\d+\"|\d+", "?", query["sql"]) for query in captured]


def test_right_and_wrong_answers_of_a_kind_take_the_same_steps(client, order):
    for right, wrong in ((BIRTH, {**BIRTH, "date_of_birth_2": "1986"}), ({}, WRONG_EMAIL)):
        steps = queries_of(lambda answer=right: confirm(Client(), order, **answer))
        tried = queries_of(lambda answer=wrong: confirm(Client(), order, **answer))
        # A wrong answer shows the page again; up to there nothing differs.
        assert steps
        assert tried[: len(steps)] == steps


def test_links_that_open_nothing_are_answered_alike_and_by_the_same_steps(client, order, admin_user):
    replaced = order.secret
    order = renew_link(order.pk, admin_user)
    erased = make_order()
    Order.objects.filter(pk=erased.pk).update(erased_at=timezone.now())
    secrets = [replaced, erased.secret, "x" * 32, order.secret[:-1], order.code, "%00"]
    headers = {"X-Forwarded-For": "203.0.113.5"}
    client.get("/orders/warm/", headers=headers)

    for path in ("", "receipt/2026-000001.pdf"):
        answers, steps = set(), set()
        for secret in secrets:
            with CaptureQueriesContext(connection) as captured:
                response = client.get(f"/orders/{secret}/{path}", headers=headers)
            answers.add((response.status_code, response.content, tuple(sorted(response.headers))))
            steps.add(len(captured))
        assert len(answers) == len(steps) == 1
        assert response.status_code == 404
    assert "/orders/find/" in response.content.decode()
    assert client.get("/orders/é/", headers=headers).content == client.get("/orders/x/").content
    posted = {
        client.post(f"/orders/{secret}/{do}/", headers={"Sec-Fetch-Site": "same-origin"}).status_code
        for secret in secrets
        for do in ("pay", "confirm")
    }
    assert posted == {404}


def test_wrong_links_are_limited_and_right_ones_always_open(client, order, settings):
    settings.LIMITS = {**settings.LIMITS, "order_page.address": "3/hour"}
    headers = {"X-Forwarded-For": "203.0.113.5"}

    statuses = [client.get("/orders/unknown/", headers=headers).status_code for _ in range(4)]

    assert statuses == [404, 404, 404, 429]
    refused = client.get("/orders/unknown/", headers=headers)
    assert int(refused["Retry-After"]) > 0
    assert refused["Cache-Control"] == "no-store, private"
    assert refused["X-Robots-Tag"] == "noindex"
    assert client.get(order.get_absolute_url(), headers=headers).status_code == 200
    assert client.get("/orders/unknown/", headers={"X-Forwarded-For": "203.0.113.6"}).status_code == 404


def test_the_locked_page_costs_few_queries(client, order, django_assert_max_num_queries):
    page(client, order)
    with django_assert_max_num_queries(4):
        page(client, order)
