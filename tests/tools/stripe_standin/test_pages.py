import pytest
import requests

from tests.tools.stripe_standin.shop_side import CANCEL_URL, client_for, session_params
from tools.stripe_standin.running import running_standin


def press(session, button, **fields):
    return requests.post(f"{session.url}/{button}", data=fields, allow_redirects=False, timeout=5)


def test_payment_page_shows_what_is_to_be_paid(new_session):
    session = new_session(
        line_items=[
            {
                "quantity": 2,
                "price_data": {"currency": "gbp", "unit_amount": 4900, "product_data": {"name": "Kits <b>"}},
            }
        ]
    )

    page = requests.get(session.url, timeout=5)
    assert page.status_code == 200
    assert "no money moves" in page.text
    assert "£98.00" in page.text
    assert "Kits &lt;b&gt;" in page.text
    assert f'href="{CANCEL_URL}"' in page.text
    assert "<script" not in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_pay_button_leads_back_to_the_shop(new_session, sessions):
    session = new_session()

    answer = press(session, "pay", email="bea@example.org", name="Bea Example")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"http://shop.test/return/?session={session.id}"
    paid = sessions.retrieve(session.id)
    assert paid.payment_status == "paid"
    assert paid.customer_details.email == "bea@example.org"


def test_decline_button_leads_back_to_the_page_with_the_reason(new_session):
    session = new_session()

    answer = press(session, "decline")
    assert answer.headers["Location"] == session.url
    assert "Your card was declined." in requests.get(session.url, timeout=5).text


def test_delay_button_leads_back_to_the_shop_unpaid(new_session, sessions):
    session = new_session()

    assert session.id in press(session, "delay").headers["Location"]
    assert sessions.retrieve(session.id).payment_status == "unpaid"


def test_delay_button_is_absent_where_only_cards_are_taken(new_session):
    session = new_session(allowed_payment_method_types=["card"])

    page = requests.get(session.url, timeout=5).text
    assert f"/pay/{session.id}/delay" not in page
    assert "cards only" in page


def test_abandoned_session_says_that_it_is_closed(new_session):
    session = new_session()

    press(session, "expire")
    page = requests.get(session.url, timeout=5).text
    assert "expired" in page
    assert "<form" not in page


def test_pressing_pay_twice_pays_once(new_session, standin):
    session = new_session()
    press(session, "pay")

    again = press(session, "pay")
    assert again.status_code == 200
    assert "closed" in again.text
    assert standin.books()["totals"]["eur"]["received"] == 10250


def test_unknown_session_is_a_404(standin):
    assert requests.get(f"{standin.base_url}/pay/cs_test_nobody", timeout=5).status_code == 404
    assert requests.get(f"{standin.base_url}/nowhere", timeout=5).status_code == 404


def test_control_page_has_every_state(new_session, paid_session, standin):
    declined, delayed, expired = new_session(), new_session(), new_session()
    standin.decline(declined.id)
    standin.delay(delayed.id)
    standin.expire(expired.id)
    refund = standin.refund(paid_session.id, 100)
    dispute = standin.dispute(paid_session.id)
    standin.fault("drop", match="nothing.like.this")

    page = requests.get(standin.base_url, timeout=5)
    assert page.status_code == 200
    for expected in (
        "waits for payment",
        "bank payment under way",
        f"/_standin/sessions/{delayed.id}/settle",
        "expired",
        f"/_standin/refunds/{refund['id']}/fail",
        f"/_standin/disputes/{dispute['id']}/win",
        "nothing.like.this",
    ):
        assert expected in page.text


def test_control_page_is_there_before_anything_happened():
    with running_standin() as standin:
        assert "No session yet" in requests.get(standin.base_url, timeout=5).text


@pytest.mark.parametrize("path", ["/standin.css", "/", "/_standin/health"])
def test_pages_ask_for_no_other_host(standin, path):
    text = requests.get(standin.base_url + path, timeout=5).text

    assert "https://" not in text
    assert "@import" not in text


def test_public_address_is_the_one_in_links():
    with running_standin() as standin:
        standin.context.address = "http://pay.test"
        session = client_for(standin).v1.checkout.sessions.create(session_params())

        assert session.url == f"http://pay.test/pay/{session.id}"
