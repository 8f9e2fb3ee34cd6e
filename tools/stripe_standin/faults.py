"""What a tester makes go wrong: webhooks that misbehave, and an API that fails in awkward moments."""

from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase

from .store import Store

WEBHOOK, API, REFUND = "webhook", "api", "refund"

KINDS = {
    "delay": (WEBHOOK, "sent `seconds` late"),
    "drop": (WEBHOOK, "never sent; the event can still be listed"),
    "repeat": (WEBHOOK, "sent `copies` times"),
    "reorder": (WEBHOOK, "sent after `seconds`, last event first"),
    "forge": (WEBHOOK, "first sent with a wrong signature, then as it should be"),
    "stale": (WEBHOOK, "first sent with a signature ten minutes old, then as it should be"),
    "slow": (API, "`seconds` pass before the work, with the idempotency key in use"),
    "rate_limit": (API, "429, and nothing is done"),
    "refuse": (API, "400, and nothing is done"),
    "server_error": (API, "500, and nothing is done"),
    "server_error_after": (API, "the work is done, the answer is 500"),
    "hang": (API, "the work is done, and after `seconds` the connection closes without an answer"),
    "close": (API, "the work is done, and the connection closes without an answer"),
    "pending_refund": (REFUND, "a refund stays pending until it is made to succeed or fail"),
}

DEFAULT_SECONDS = {"delay": 5.0, "reorder": 0.3, "slow": 2.0, "hang": 90.0}


@dataclass(frozen=True)
class Fault:
    """
    One thing that goes wrong.

    `pattern` (with * and ?) is met by an event's type, by "POST /v1/refunds" (method and path), or by a
    charge's id for pending refunds. `remaining` None means until it is taken back.
    """

    kind: str
    pattern: str = "*"
    remaining: int | None = 1
    probability: float | None = None
    seconds: float = 0.0
    copies: int = 2
    id: int | None = None


def make_fault(kind: str, **settings: object) -> Fault:
    """
    Return a fault from loose settings (`count`, `probability`, `match`, `seconds`, `copies`), as the control
    API and the command line give them. Without a count or a probability it occurs once. Raise ValueError.
    """
    if kind not in KINDS:
        raise ValueError(f"There is no fault {kind!r}. There are: {', '.join(KINDS)}.")
    unknown = settings.keys() - {"count", "probability", "match", "seconds", "copies"}
    if unknown:
        raise ValueError(f"A fault has no {', '.join(sorted(unknown))}.")
    probability = float(str(settings["probability"])) if "probability" in settings else None
    if probability is not None and not 0 <= probability <= 1:
        raise ValueError("A probability lies between 0 and 1.")
    once = None if probability is not None else 1
    return Fault(
        kind=kind,
        pattern=str(settings.get("match", "*")),
        remaining=int(str(settings["count"])) if "count" in settings else once,
        probability=probability,
        seconds=float(str(settings.get("seconds", DEFAULT_SECONDS.get(kind, 0)))),
        copies=int(str(settings.get("copies", 2))),
    )


def parse_fault(text: str) -> Fault:
    """Return a fault from the command line: `drop,count=2,match=charge.*`. Raise ValueError."""
    kind, *settings = text.split(",")
    pairs = [setting.partition("=") for setting in settings]
    return make_fault(kind.strip(), **{name.strip(): value for name, _, value in pairs})


def add(store: Store, fault: Fault) -> int:
    """Let it go wrong from now on. Return the fault's number."""
    with store.transaction():
        rows = store.execute(
            "INSERT INTO faults (kind, pattern, remaining, probability, seconds, copies)"
            " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
            (fault.kind, fault.pattern, fault.remaining, fault.probability, fault.seconds, fault.copies),
        )
        return rows[0]["id"]


def active_faults(store: Store) -> list[Fault]:
    """Return the faults that can still occur, oldest first."""
    rows = store.execute("SELECT * FROM faults ORDER BY id")
    return [Fault(**dict(row)) for row in rows]


def as_document(fault: Fault) -> dict[str, object]:
    """Return the fault as the control API shows it."""
    side, effect = KINDS[fault.kind]
    return {**asdict(fault), "side": side, "effect": effect}


def clear(store: Store, number: int | None = None) -> None:
    """Take one fault back, or all of them."""
    with store.transaction():
        store.execute("DELETE FROM faults WHERE id = ? OR ? IS NULL", (number, number))


def trigger(store: Store, side: str, occasion: str) -> list[Fault]:
    """Return the faults that occur on this occasion, each counted down."""
    with store.transaction():
        return [
            fault
            for fault in active_faults(store)
            if KINDS[fault.kind][0] == side and fnmatchcase(occasion, fault.pattern) and _occurs(store, fault)
        ]


def _occurs(store: Store, fault: Fault) -> bool:
    """Return whether chance lets this fault occur now; if so, count it down."""
    if fault.probability is not None and store.chance.random() >= fault.probability:
        return False
    store.execute("UPDATE faults SET remaining = remaining - 1 WHERE id = ?", (fault.id,))
    store.execute("DELETE FROM faults WHERE id = ? AND remaining <= 0", (fault.id,))
    return True
