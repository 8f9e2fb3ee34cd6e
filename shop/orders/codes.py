"""Names for orders: a code to read out on the telephone, and a secret that opens the order's page."""

import secrets

# Without vowels (no accidental words) and without what is easily mistaken: 0 O, 1 I L, 2 Z, 5 S, 8 B.
ALPHABET = "CDFGHJKMNPQRTVWXY34679"
CODE_LENGTH = 8
SECRET_BYTES = 24  # 192 bits


def new_code() -> str:
    """Return a random code of 8 characters, one of 55 thousand million; the database decides if it is free.

    It has a letter, because Stripe takes no statement descriptor of digits only.
    https://docs.stripe.com/get-started/account/statement-descriptors
    """
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if not code.isdecimal():
            return code


def new_secret() -> str:
    """Return 192 random bits, safe in an address."""
    return secrets.token_urlsafe(SECRET_BYTES)
