import requests


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
