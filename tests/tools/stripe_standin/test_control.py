from urllib.parse import urlsplit

import pytest
import requests

from tools.stripe_standin.configuration import Configuration
from tools.stripe_standin.exchange import Context, Request
from tools.stripe_standin.server import refusal


def ask(standin, method, path, document=None, **headers):
    return requests.request(
        method,
        f"{standin.base_url}/_standin/{path}",
        json=document,
        headers=headers,
        timeout=5,
        allow_redirects=False,
    )


def test_actions_as_json(new_session, standin):
    session = new_session()

    paid = ask(standin, "POST", f"sessions/{session.id}/pay", {"email": "bea@example.org"})
    assert paid.json()["payment_status"] == "paid"
    refund = ask(standin, "POST", f"sessions/{session.id}/refund", {"amount": 250}).json()
    assert refund["amount"] == 250
    assert ask(standin, "POST", f"refunds/{refund['id']}/fail").json()["status"] == "failed"
    dispute = ask(
        standin, "POST", f"sessions/{session.id}/dispute", {"reason": "product_not_received"}
    ).json()
    assert dispute["reason"] == "product_not_received"
    assert ask(standin, "POST", f"disputes/{dispute['id']}/lose").json()["status"] == "lost"


def test_what_is_not_possible_is_a_409(new_session, standin):
    session = new_session()

    for path in (
        f"sessions/{session.id}/settle",
        f"sessions/{session.id}/refund",
        f"sessions/{session.id}/explode",
        "sessions/cs_test_nobody/pay",
        "refunds/re_nobody/fail",
        "events/evt_nobody/resend",
        "nothing",
    ):
        answer = ask(standin, "POST", path)
        assert answer.status_code == 409, path
        assert answer.json()["error"]


def test_refund_above_what_is_left_is_a_409(paid_session, standin):
    answer = ask(standin, "POST", f"sessions/{paid_session.id}/refund", {"amount": 10251})

    assert answer.status_code == 409
    assert "greater" in answer.json()["error"]
    assert ask(standin, "POST", f"sessions/{paid_session.id}/refund", {"amount": "all"}).status_code == 409


def test_browser_is_sent_back_to_the_control_page(new_session, standin):
    answer = ask(standin, "POST", f"sessions/{new_session().id}/expire", Accept="text/html,*/*")

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{standin.base_url}/"


def test_faults_come_and_go(standin):
    number = ask(standin, "POST", "faults", {"kind": "drop", "count": 3, "match": "charge.*"}).json()["id"]
    ask(standin, "POST", "faults", {"kind": "hang"})

    kinds = [(fault["kind"], fault["remaining"]) for fault in ask(standin, "GET", "faults").json()]
    assert kinds == [("drop", 3), ("hang", 1)]
    ask(standin, "DELETE", f"faults/{number}")
    assert [fault["kind"] for fault in ask(standin, "GET", "faults").json()] == ["hang"]
    ask(standin, "DELETE", "faults")
    assert ask(standin, "GET", "faults").json() == []
    assert ask(standin, "POST", "faults", {"kind": "explode"}).status_code == 409


def test_lists_books_and_reset(paid_session, standin):
    standin.wait_until_delivered()

    assert [session["id"] for session in ask(standin, "GET", "sessions").json()] == [paid_session.id]
    assert {row["state"] for row in ask(standin, "GET", "deliveries").json()} == {"delivered"}
    line = ask(standin, "GET", "books").json()["payment_intents"][0]
    assert (line["session"], line["client_reference_id"], line["net"]) == (paid_session.id, "CH-1", 10250)
    ask(standin, "POST", "reset")
    assert ask(standin, "GET", "sessions").json() == []
    assert ask(standin, "GET", "nothing").status_code == 404


def test_what_waits_is_counted(new_session, standin):
    standin.fault("delay", seconds=3600, count=9)
    standin.pay(new_session().id)

    assert len(standin.events()) > 1
    waiting = {"webhooks": len(standin.events()), "given_up": []}
    assert ask(standin, "GET", "waiting").json() == waiting


def test_what_is_delivered_waits_no_more(new_session, standin):
    standin.pay(new_session().id)
    standin.wait_until_delivered()

    assert ask(standin, "GET", "waiting").json() == {"webhooks": 0, "given_up": []}


FOREIGN = "http://evil.test"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": FOREIGN},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": ""},
        {"Origin": "http://[", "Accept": "text/html"},
        {"Referer": f"{FOREIGN}/page"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": FOREIGN},
        {"Host": "evil.test"},
        {"Host": "evil.test:8021", "Origin": "http://evil.test:8021", "Sec-Fetch-Site": "same-origin"},
        {"Host": "127.0.0.1.evil.test"},
        {"Host": ""},
        {"Host": "[::1"},
    ],
)
@pytest.mark.parametrize("where", ["control", "faults", "reset", "page"])
def test_no_page_of_another_site_presses_a_button(new_session, standin, headers, where):
    session = new_session()
    address = {
        "control": f"{standin.base_url}/_standin/sessions/{session.id}/pay",
        "faults": f"{standin.base_url}/_standin/faults",
        "reset": f"{standin.base_url}/_standin/reset",
        "page": f"{standin.base_url}/pay/{session.id}/pay",
    }[where]

    answer = requests.post(address, data={"kind": "hang"}, headers=headers, timeout=5, allow_redirects=False)

    assert answer.status_code == 403
    [kept] = standin.store.select("checkout.session")
    assert kept["payment_status"] == "unpaid"
    assert ask(standin, "GET", "faults").json() == []


@pytest.mark.parametrize("path", ["/", "/_standin/books", "/v1/events", "/pay/cs_test_1"])
def test_under_a_foreign_name_nothing_is_read(standin, path):
    headers = {"Host": "evil.test", "Authorization": f"Bearer {standin.secret_key}"}
    answer = requests.get(f"{standin.base_url}{path}", headers=headers, timeout=5)
    assert answer.status_code == 403
    assert "does not answer under this name" in answer.text


@pytest.mark.parametrize("own", ["http://127.0.0.1", "http://localhost"])
def test_its_own_pages_and_tools_press_buttons(new_session, standin, own):
    port = urlsplit(standin.base_url).port
    headers = {"Host": f"{own.removeprefix('http://')}:{port}", "Origin": f"{own}:{port}"}
    address = f"{standin.base_url}/pay/{new_session().id}/pay"
    sent = requests.post(address, headers=headers, timeout=5, allow_redirects=False)
    assert sent.status_code == 303
    assert ask(standin, "POST", "faults", {"kind": "hang"}).status_code == 200


def test_it_answers_under_the_names_that_it_was_given(endpoint):
    context = Context(
        Configuration(host="::", known_at=("http://standin:8021",)), None, "https://pay.trial.test"
    )
    for host in ("standin:8021", "pay.trial.test", "localhost:8021", "[::1]:8021"):
        assert refusal(context, Request("GET", "/", headers={"host": host})) == ""
    through_proxy = {"host": "localhost:8021", "origin": "https://pay.trial.test"}
    assert refusal(context, Request("POST", "/_standin/reset", headers=through_proxy)) == ""
    assert refusal(context, Request("GET", "/", headers={"host": "192.168.1.5:8021"}))
