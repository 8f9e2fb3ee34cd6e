"""One key, one piece of work: a request that is sent again gets its first answer again."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from .errors import StripeError
from .exchange import Request, Response
from .store import Store

KEY_LIFE = 24 * 60 * 60
LONGEST_KEY = 255


def fingerprint(request: Request, params: Mapping[str, Any]) -> str:
    """The same for two requests that ask for the same."""
    text = json.dumps([request.method, request.path, params], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@contextmanager
def hold(store: Store, key: str) -> Iterator[None]:
    """Keep the key for one request. Raises StripeError (409) while another has it."""
    if len(key) > LONGEST_KEY:
        message = f"An idempotency key takes at most {LONGEST_KEY} characters."
        raise StripeError(message, kind="idempotency_error")
    with store.changed:
        if key in store.keys_in_use:
            raise StripeError(
                f"Another request with the idempotency key '{key}' is being worked on.",
                code="idempotency_key_in_use",
                kind="idempotency_error",
                status=409,
            )
        store.keys_in_use.add(key)
        store.changed.notify_all()
    try:
        yield
    finally:
        with store.changed:
            store.keys_in_use.discard(key)


def earlier_answer(store: Store, key: str, asked: str) -> Response | None:
    """The key's first answer. Raises StripeError (400) if the key was used for something else."""
    with store.transaction():
        store.execute("DELETE FROM answers WHERE created < ?", (store.now() - KEY_LIFE,))
        rows = store.execute("SELECT * FROM answers WHERE key = ?", (key,))
    if not rows:
        return None
    if rows[0]["fingerprint"] != asked:
        message = f"The idempotency key '{key}' was first used for another endpoint or with other parameters."
        raise StripeError(message, kind="idempotency_error")
    headers = {"Idempotent-Replayed": "true", "Original-Request": rows[0]["request_id"]}
    return Response(rows[0]["status"], rows[0]["body"].encode(), headers=headers)


def keep(store: Store, key: str, asked: str, request_id: str, answer: Response) -> None:
    """Remember the first answer, whether it is a success or an error."""
    with store.transaction():
        store.execute(
            "INSERT INTO answers (key, fingerprint, status, body, request_id, created)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (key, asked, answer.status, answer.body.decode(), request_id, store.now()),
        )
