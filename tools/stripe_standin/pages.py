"""The payment page that a customer meets, and the control page for the tester."""

import datetime
from pathlib import Path
from typing import Any

from django.template import Context as Values
from django.template import Engine

from . import control, delivery, disputes, faults, outcomes
from .errors import NotPossible
from .exchange import Context, Request, Response, redirect
from .money import format_amount
from .store import Document, Store

FOLDER = Path(__file__).parent
ENGINE = Engine(dirs=[str(FOLDER / "templates")], debug=False)
STYLE = (FOLDER / "static" / "standin.css").read_bytes()
SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
    ),
    # Not no-referrer: with that a browser sends the page's own forms with the origin "null".
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
RECENT_SESSIONS, RECENT_EVENTS = 50, 40
PLACEHOLDER = "{CHECKOUT_SESSION_ID}"
PAGE_ACTIONS = ("pay", "decline", "delay", "expire")
STATES = {
    ("open", "unpaid"): "waits for payment",
    ("complete", "paid"): "paid",
    ("complete", "unpaid"): "complete, payment not received",
    ("expired", "unpaid"): "expired",
}


def render(template: str, status: int = 200, **values: Any) -> Response:
    """Return a page."""
    text = ENGINE.get_template(template).render(Values(values))
    return Response(status, text.encode(), "text/html; charset=utf-8", SECURITY_HEADERS)


def message(text: str, status: int) -> Response:
    """Return a page with one sentence."""
    return render("message.html", status, message=text)


def style() -> Response:
    """Return the pages' style sheet."""
    return Response(200, STYLE, "text/css; charset=utf-8", {"Cache-Control": "no-cache"})


def payment_page(context: Context, identifier: str, notice: str = "") -> Response:
    """Return the page that shows what is to be paid, and a button for each way it can go."""
    try:
        found = outcomes.session(context.store, identifier)
    except NotPossible as refused:
        return message(str(refused), 404)
    intent = context.store.find("payment_intent", found["payment_intent"] or "")
    problem = (intent or {}).get("last_payment_error") if found["status"] == "open" else None
    lines = context.store.private(identifier).get("lines", [])
    return render(
        "pay.html",
        open=found["status"] == "open",
        state=STATES.get((found["status"], found["payment_status"]), found["status"]),
        action=f"/pay/{identifier}",
        lines=[
            {
                "name": line["description"],
                "quantity": str(line["quantity"]),
                "amount": format_amount(line["amount_total"], line["currency"]),
            }
            for line in lines
        ],
        total=format_amount(found["amount_total"], found["currency"]),
        email=found["customer_email"] or "",
        expires=local_time(found["expires_at"]),
        delayed=next((name for name in found["payment_method_types"] if name != "card"), ""),
        notice=notice or (problem["message"] if problem else ""),
        cancel_url=found["cancel_url"] or "",
        return_url=return_address(found) if found["status"] == "complete" else "",
    )


def payment_action(context: Context, request: Request, identifier: str, action: str) -> Response:
    """Act on a pressed button, and redirect: to the shop once paid or delayed, else to the payment page."""
    if action not in PAGE_ACTIONS:
        return message("There is no such button.", 404)
    try:
        found = control.act(context.store, "sessions", identifier, action, request.fields())
    except NotPossible as refused:
        return payment_page(context, identifier, str(refused))
    if found["status"] == "complete":
        return redirect(return_address(found))
    return redirect(f"{context.address}/pay/{identifier}")


def return_address(found: Document) -> str:
    """Return where the shop wants its customer back, with the session's id filled in."""
    return found["success_url"].replace(PLACEHOLDER, found["id"])


def local_time(moment: int) -> str:
    """Return a time in the tester's own zone."""
    return datetime.datetime.fromtimestamp(moment).astimezone().strftime("%d %b %Y, %H:%M")


def control_page(context: Context) -> Response:
    """Return every session with what can be done to it, the events, and the faults."""
    store = context.store
    outcomes.expire_due(store)
    states = {row["event"]: row for row in reversed(delivery.deliveries(store))}
    return render(
        "control.html",
        webhook_url=context.configuration.webhook_url or "",
        sessions=[
            session_row(store, found) for found in store.select("checkout.session", limit=RECENT_SESSIONS)
        ],
        events=[event_row(event, states) for event in store.select("event", limit=RECENT_EVENTS)],
        faults=[fault_row(fault) for fault in faults.active_faults(store)],
        kinds=[
            {"name": name, "effect": effect.replace("`", "")} for name, (_, effect) in faults.KINDS.items()
        ],
    )


def session_row(store: Store, found: Document) -> Document:
    """Return one session as the control page shows it."""
    intent = store.find("payment_intent", found["payment_intent"] or "")
    of_intent = [("payment_intent", "=", intent["id"])] if intent else None
    refunds = store.select("refund", of_intent) if of_intent else []
    disputed = store.select("dispute", of_intent) if of_intent else []
    processing = bool(intent and intent["status"] == "processing")
    state = STATES.get((found["status"], found["payment_status"]), found["status"])
    return {
        "id": found["id"],
        "short": f"{found['id'][:16]}…",
        "reference": found["client_reference_id"] or "",
        "email": (found["customer_details"] or {}).get("email") or "",
        "total": format_amount(found["amount_total"], found["currency"]),
        "created": local_time(found["created"]),
        "state": "bank payment under way" if processing else state,
        "tone": "good" if found["payment_status"] == "paid" else found["status"],
        "open": found["status"] == "open",
        "processing": processing,
        "paid": found["payment_status"] == "paid",
        "disputable": found["payment_status"] == "paid" and not disputed,
        "refunds": [money_row(refund, ("pending", "succeeded")) for refund in refunds],
        "disputes": [money_row(dispute, disputes.UNDECIDED) for dispute in disputed],
    }


def money_row(document: Document, changeable: tuple[str, ...]) -> Document:
    """Return a refund or a dispute as the control page shows it."""
    return {
        "id": document["id"],
        "amount": format_amount(document["amount"], document["currency"]),
        "status": document["status"].replace("_", " "),
        "pending": document["status"] == "pending",
        "inquiry": document["status"] in disputes.INQUIRY,
        "changeable": document["status"] in changeable,
    }


def event_row(event: Document, states: dict[str, Document]) -> Document:
    """Return an event with what came of its webhook."""
    sent = states.get(event["id"], {})
    return {
        "id": event["id"],
        "type": event["type"],
        "about": event["data"]["object"]["id"][:16],
        "created": local_time(event["created"]),
        "state": sent.get("state", ""),
        "attempts": str(sent.get("attempts", "")),
        "answer": (sent.get("answer") or "")[:60],
    }


def fault_row(fault: faults.Fault) -> Document:
    """Return a fault as the control page shows it."""
    often = "until taken back" if fault.remaining is None else f"{fault.remaining} more"
    chance = "" if fault.probability is None else f", with probability {fault.probability:g}"
    return {"id": str(fault.id), "kind": fault.kind, "pattern": fault.pattern, "often": often + chance}
