"""What a rule of the audit is, and what it finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

# Of one rule. Whoever mends a thousand of a kind mends them by their cause, not one by one.
MAX_FINDINGS = 200


@dataclass(frozen=True)
class Finding:
    """One thing that does not add up. Both texts hold ids, figures and states, never a health detail."""

    subject: str  # where: "order AB12CD34"
    what: str


@dataclass(frozen=True)
class Rule:
    """Something that must hold of the books at any time.

    `check(now)` gives what breaks it, read in one query or in chunks: nothing is written, and at most one
    chunk is in memory.
    """

    name: str  # stable: a case is found again by it
    title: str | Promise  # what it means to staff
    remedy: str  # how to mend it
    check: Callable[[datetime], Iterator[Finding]]


def order_of(code: str) -> str:
    """Return how findings name an order."""
    return f"order {code}"
