"""Identifiers in Stripe's form."""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits
SESSION_LENGTH = 58
USUAL_LENGTH = 24


def new_id(prefix: str) -> str:
    """A random id: re_ and 24 letters or digits; a session's is longer, as Stripe's is."""
    length = SESSION_LENGTH if prefix.startswith("cs_") else USUAL_LENGTH
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length))
