"""Webhooks leave here, one at a time, until the shop takes them or the attempts are used up."""

import http.client
import logging
import sqlite3
import threading
import time
from urllib.parse import urlsplit

from . import events, outcomes
from .exchange import Context
from .store import Document, Store

ANSWER_SECONDS = 10
STOP_SECONDS = 3
# How long a session's end can go unnoticed while nobody asks for anything.
TICK_SECONDS = 1.0
MAX_ANSWER_LENGTH = 200
UNREACHABLE = 0

logger = logging.getLogger(__name__)


class DeliveryThread(threading.Thread):
    """A thread that sends what is due and ends sessions whose time is up, until the stand-in stops."""

    def __init__(self, context: Context) -> None:
        super().__init__(name="webhook-deliveries", daemon=True)
        self.context = context

    def run(self) -> None:
        """Do the thread's work."""
        try:
            while not self.context.stopping.is_set():
                outcomes.expire_due(self.context.store)
                if not (self.context.configuration.webhook_url and deliver_next(self.context)):
                    self.rest()
        except sqlite3.ProgrammingError:
            # The store is closed under a delivery that took longer than stopping allows. A stand-in that
            # starts again on this file sends it once more.
            if not self.context.stopping.is_set():
                raise

    def rest(self) -> None:
        """Wait until something is due or changes."""
        store = self.context.store
        with store.changed:
            seconds = min(TICK_SECONDS, seconds_to_next(store))
            if seconds > 0 and not self.context.stopping.is_set():
                store.changed.wait(seconds)

    def stop(self) -> None:
        """Finish what is being sent, within reason. The context is stopping already."""
        with self.context.store.changed:
            self.context.store.changed.notify_all()
        self.join(STOP_SECONDS)


def seconds_to_next(store: Store) -> float:
    """Return how long until a webhook is due; endless if none waits."""
    rows = store.execute("SELECT MIN(due) AS due FROM deliveries WHERE state = 'pending'")
    return float("inf") if rows[0]["due"] is None else rows[0]["due"] - time.time()


def deliver_next(context: Context) -> bool:
    """Send the delivery whose turn it is. Return False if none is due."""
    store = context.store
    rows = store.execute(
        "SELECT * FROM deliveries WHERE state = 'pending' AND due <= ? ORDER BY turn LIMIT 1", (time.time(),)
    )
    if not rows:
        return False
    delivery = dict(rows[0])
    event = store.find("event", delivery["event"])
    if event is None:
        note(store, delivery, "given up", "The event is gone.", time.time())
        return True
    # A spoiled first attempt is followed by a right one, as from a sender that is not the attacker.
    tamper = delivery["tamper"] if not delivery["attempts"] else None
    status, answer = 0, ""
    for _ in range(delivery["copies"]):
        status, answer = send(context, event, tamper)
    logger.info("%s %s: %s", event["type"], event["id"], status or answer)
    conclude(context, delivery, status, answer)
    return True


def send(context: Context, event: Document, tamper: str | None) -> tuple[int, str]:
    """POST an event. Return the shop's status and the beginning of its answer, or 0 and the reason."""
    body = events.payload(event)
    target = urlsplit(context.configuration.webhook_url or "")
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": events.signature(body, context.configuration.webhook_secret, tamper),
        "User-Agent": "Stripe/1.0 (payment stand-in)",
    }
    secure = target.scheme == "https"
    connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = connect(target.hostname or "", target.port, timeout=ANSWER_SECONDS)
    try:
        path = target.path or "/"
        connection.request("POST", f"{path}?{target.query}" if target.query else path, body, headers)
        response = connection.getresponse()
        return response.status, response.read(MAX_ANSWER_LENGTH).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as unreachable:
        return UNREACHABLE, str(unreachable) or type(unreachable).__name__
    finally:
        connection.close()


def conclude(context: Context, delivery: Document, status: int, answer: str) -> None:
    """Record a delivery as delivered (2xx), pending for another attempt, or given up."""
    waits = context.configuration.retry_seconds
    text = f"{status} {answer}".strip() if status else answer
    if 200 <= status < 300:
        with context.store.transaction():
            events.mark_delivered(context.store, delivery["event"])
            note(context.store, delivery, "delivered", text, time.time())
    elif delivery["attempts"] < len(waits):
        due = time.time() + waits[delivery["attempts"]]
        note(context.store, delivery, "pending", text, due)
    else:
        note(context.store, delivery, "given up", text, time.time())


def note(store: Store, delivery: Document, state: str, answer: str, due: float) -> None:
    """Keep what came of an attempt."""
    with store.transaction():
        store.execute(
            "UPDATE deliveries SET state = ?, answer = ?, due = ?, attempts = attempts + 1 WHERE id = ?",
            (state, answer, due, delivery["id"]),
        )


def in_state(store: Store, state: str) -> list[str]:
    """Return the ids of the events whose webhooks are in this state, oldest first."""
    rows = store.execute("SELECT event FROM deliveries WHERE state = ? ORDER BY id", (state,))
    return [row["event"] for row in rows]


def deliveries(store: Store, limit: int = -1) -> list[Document]:
    """Return every delivery with its state (pending, delivered, dropped, given up), newest first."""
    return [dict(row) for row in store.execute("SELECT * FROM deliveries ORDER BY id DESC LIMIT ?", (limit,))]
