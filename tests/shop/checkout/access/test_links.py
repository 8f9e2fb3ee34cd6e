"""Who lost the link gets it by mail, and nobody learns from the page whether an order exists."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.checkout.models import LinkRequest
from shop.checkout.tasks import answer_link_request, answer_link_requests
from shop.mail.models import OutboxMail
from shop.orders.models import Order
from tests.factories.shop import make_consent_texts, make_order, make_site_settings
from tests.services import wait_until
from tests.shop.checkout.conftest import Browser

ADDRESS = "/orders/find/"


@pytest.fixture
def order(browser) -> Order:
    return make_order(email="Jo@example.org")


def ask(browser, code: str, email: str, **headers):
    return browser.post(ADDRESS, {"code": code, "email": email}, headers=headers)


def links() -> list[OutboxMail]:
    return list(OutboxMail.objects.filter(kind="order_link"))


def test_code_and_email_however_typed_bring_the_link(browser, order):
    typed = f" {order.code[:4]}-{order.code[4:]} ".lower()

    answer = browser.get(ask(browser, typed, "jo@EXAMPLE.org").url)
    answer_link_requests()

    assert "its link is on its way" in answer.content.decode()
    [mail] = links()
    assert mail.recipient == "Jo@example.org"
    assert mail.subject == f"The link to your order {order.code}"
    for body in (mail.text_body, mail.html_body):
        assert order.get_absolute_url() in body
    assert not LinkRequest.objects.exists()


def test_a_worker_sends_it_and_the_task_names_nobody(transactional_db, worker, mail_server):
    make_site_settings()
    make_consent_texts()
    order = make_order()
    OutboxMail.objects.all().delete()
    ask(Browser(), order.code, order.email)

    worker.start(EMAIL_URL=mail_server.url)

    wait_until(lambda: mail_server.messages, what="the mail with the link")
    assert mail_server.messages[0]["Subject"] == f"The link to your order {order.code}"
    wait_until(lambda: not LinkRequest.objects.exists(), what="the end of the request")
    for told in (order.code, order.email):
        assert told not in "\n".join(worker.log)


def test_each_request_brings_one_mail_even_when_answered_twice(browser, order):
    for _ in range(2):
        ask(browser, order.code, order.email)
    requests = list(LinkRequest.objects.values_list("pk", flat=True))
    for request in requests * 2:
        answer_link_request(request)

    assert len(links()) == 2


def test_nothing_goes_to_anybody_else(browser, order):
    other = make_order(email="other@example.org")
    erased = make_order(email="gone@example.org")
    Order.objects.filter(pk=erased.pk).update(erased_at=timezone.now())
    for code, email in (
        (order.code, "somebody@example.org"), (other.code, order.email), ("CDFGHJKM", order.email),
        (erased.code, "gone@example.org"), (order.secret[:20], order.email),
    ):  # fmt: skip
        assert ask(browser, code, email).status_code == 303
    answer_link_requests()

    assert not links()
    assert not LinkRequest.objects.exists()


def test_the_answer_and_its_steps_are_the_same_for_all(browser, order):
    answers, steps = set(), set()
    for code, email in ((order.code, order.email), (order.code, "a@b.example"), ("CDFGHJKM", "c@d.example")):
        with CaptureQueriesContext(connection) as captured:
            response = ask(browser, code, email)
        answers.add((response.status_code, response.url, response.content))
        steps.add(len(captured))

    assert len(answers) == len(steps) == 1


@pytest.mark.parametrize("is_known", [True, False])
def test_asking_is_limited_whether_or_not_there_is_an_order(browser, order, is_known):
    code = order.code if is_known else "CDFGHJKM"
    statuses = [ask(browser, code, f"{number}@example.org").status_code for number in range(5)]
    refused = ask(browser, code, "last@example.org")

    assert statuses == [303] * 5
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    text = refused.content.decode()
    assert f'value="{code}"' in text
    assert 'value="last@example.org"' in text
    assert LinkRequest.objects.count() == 5


def test_nobody_is_flooded_with_links(browser, order):
    for _ in range(20):
        ask(browser, make_order(email=order.email).code, order.email)
    answer_link_requests()

    assert len(links()) == 5


@pytest.mark.parametrize("code", ["ß" * 20, "ﬁ" * 20, "ЖDFGHJKM"])
def test_what_cannot_be_a_code_is_told_as_that_and_never_written(browser, order, code):
    """Capitals of some letters are two: they would outgrow the column."""
    response = ask(browser, code, order.email)

    assert response.status_code == 422
    assert "This cannot be an order code" in response.content.decode()
    assert not LinkRequest.objects.exists()


def test_mistakes_are_told_beside_the_fields_and_cost_no_try(browser, order):
    for _ in range(10):
        text = ask(browser, "", "nonsense").content.decode()

    assert "Enter the order code." in text
    assert "in the form name@example.com" in text
    assert 'value="nonsense"' in text
    assert not LinkRequest.objects.exists()


def test_the_page_is_private_and_sets_no_cookie(browser, order):
    response = browser.get(ADDRESS)

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store, private"
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies
    assert "<script" not in response.content.decode().split("<main")[1]


def test_other_sites_cannot_ask(client, order):
    assert ask(client, order.code, order.email, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
