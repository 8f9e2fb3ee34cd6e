"""A stand-in inside a test's own process."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from . import control, delivery, events, faults
from .configuration import SECRET_KEY, WEBHOOK_SECRET, Configuration
from .outcomes import expire_due
from .server import Server
from .store import Document

TIMEOUT_SECONDS = 10.0
SHORT_RETRY_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8)


class RunningStandin:
    """
    A stand-in that listens on `base_url`, with a tester's actions as methods.

    Each method takes a Checkout Session's id unless it says otherwise, returns the changed object, and
    raises NotPossible where the state does not allow it.
    """

    def __init__(self, server: Server) -> None:
        self.context = server.context
        self.store = server.context.store
        self.base_url = server.base_url
        self.secret_key = server.context.configuration.secret_key
        self.webhook_secret = server.context.configuration.webhook_secret

    def act(self, what: str, identifier: str, action: str, **fields: Any) -> Document:
        """Any action of the control API: act("refunds", "re_…", "fail")."""
        return control.act(self.store, what, identifier, action, fields)

    def pay(self, session: str, **payer: str) -> Document:
        """Pay by card, with `email` and `name` if given."""
        return self.act("sessions", session, "pay", **payer)

    def decline(self, session: str) -> Document:
        """Decline the card; the session stays open."""
        return self.act("sessions", session, "decline")

    def delay(self, session: str) -> Document:
        """Complete by a bank payment that has not arrived."""
        return self.act("sessions", session, "delay")

    def settle(self, session: str) -> Document:
        """Let the bank payment arrive."""
        return self.act("sessions", session, "settle")

    def fail(self, session: str) -> Document:
        """Let the bank payment fail."""
        return self.act("sessions", session, "fail")

    def expire(self, session: str) -> Document:
        """Abandon the session, which ends now."""
        return self.act("sessions", session, "expire")

    def lapse(self, session: str) -> Document:
        """Let the session's time pass."""
        return self.act("sessions", session, "lapse")

    def refund(self, session: str, amount: int | None = None) -> Document:
        """Refund in the dashboard, in full or `amount` minor units. Return the refund."""
        return self.act("sessions", session, "refund", amount=amount)

    def fail_refund(self, refund: str) -> Document:
        """Send a refund (by its id) back."""
        return self.act("refunds", refund, "fail")

    def dispute(self, session: str, amount: int | None = None) -> Document:
        """Open a dispute. Return it."""
        return self.act("sessions", session, "dispute", amount=amount)

    def inquire(self, session: str) -> Document:
        """Let the bank inquire and take nothing yet. Return the dispute."""
        return self.act("sessions", session, "inquiry")

    def close_dispute(self, dispute: str, *, won: bool) -> Document:
        """Decide a dispute (by its id) for the bank."""
        return self.act("disputes", dispute, "win" if won else "lose")

    def warn_of_fraud(self, session: str) -> Document:
        """Make an early fraud warning. Return it."""
        return self.act("sessions", session, "fraud-warning")

    def resend(self, event: str) -> Document:
        """Send an event (by its id) once more."""
        return self.act("events", event, "resend")

    def fault(self, kind: str, **settings: Any) -> int:
        """Let something go wrong: fault("hang", match="POST /v1/refunds", count=1, seconds=5)."""
        return faults.add(self.store, faults.make_fault(kind, **settings))

    def clear_faults(self) -> None:
        """Let everything work again."""
        faults.clear(self.store)

    def events(self, kind: str | None = None) -> list[Document]:
        """Return the events so far, oldest first, perhaps only those of one type."""
        expire_due(self.store)
        return self.store.select("event", [("type", "=", kind)] if kind else [], newest_first=False)

    def signed(self, event: Document, tamper: str | None = None) -> tuple[bytes, str]:
        """
        Return an event as its webhook would bring it: the body and the Stripe-Signature header, for a test
        that posts it with Django's client. `tamper` "forge" or "stale" spoils the signature.
        """
        body = events.payload(event)
        return body, events.signature(body, self.webhook_secret, tamper)

    def deliveries(self) -> list[Document]:
        """Return the webhooks so far with their states, oldest first."""
        return delivery.deliveries(self.store)[::-1]

    def wait_until_delivered(self, timeout: float = TIMEOUT_SECONDS) -> None:
        """Return when no webhook waits any more. Raise TimeoutError after `timeout` seconds."""
        with self.store.changed:
            if not self.store.changed.wait_for(lambda: not self._waiting(), timeout):
                raise TimeoutError(f"Not delivered after {timeout} s: {self._waiting()}")

    def _waiting(self) -> list[str]:
        return [row["type"] for row in self.deliveries() if row["state"] == "pending"]

    def books(self) -> Document:
        """Return what was received, refunded and disputed, in minor units."""
        return control.books(self.store)


@contextmanager
def running_standin(
    webhook_url: str | None = None,
    *,
    webhook_secret: str = WEBHOOK_SECRET,
    secret_key: str = SECRET_KEY,
    store: str = ":memory:",
    retry_seconds: tuple[float, ...] = SHORT_RETRY_SECONDS,
    seed: int | None = 1,
) -> Iterator[RunningStandin]:
    """Run a stand-in on a free port, in memory unless `store` names a file, until the block ends.

    Without `webhook_url` no webhook is sent: post `signed` events yourself.
    """
    configuration = Configuration(
        port=0,
        store=store,
        webhook_url=webhook_url,
        webhook_secret=webhook_secret,
        secret_key=secret_key,
        retry_seconds=retry_seconds,
        seed=seed,
    )
    server = Server(configuration)
    server.start()
    try:
        yield RunningStandin(server)
    finally:
        server.stop()
