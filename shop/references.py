"""References such as "order:AB12CD34": how cases, mails and reservations name what they are about.

Whoever keeps one needs no model of what it names.
"""

from enum import StrEnum
from typing import NamedTuple

from django.db.models import CharField, F, OuterRef, Value
from django.db.models.functions import Cast, Concat, Substr

MAX_REFERENCE_LENGTH = 60  # of every column that holds one


class ReferenceKind(StrEnum):
    ORDER = "order"
    MAIL = "mail"
    EVENT = "event"
    REFUND = "refund"
    DISPUTE = "dispute"
    WARNING = "warning"
    AUDIT = "audit"
    DIGEST = "digest"
    NOTICE = "notice"  # a mail of Django's or Wagtail's own
    ERASED = "erased"
    RECEIPT_OF = "receipt-of"  # an attachment: the receipt of the order with this code


# What Stripe reports by itself, which may belong to no order of this shop.
STRIPE_OBJECTS = (ReferenceKind.REFUND, ReferenceKind.DISPUTE, ReferenceKind.WARNING)


class Reference(NamedTuple):
    kind: str
    name: str


def build_reference(kind: ReferenceKind, name: object) -> str:
    """Return the reference to what has this name or primary key, cut to what a column holds."""
    return f"{reference_prefix(kind)}{name}"[:MAX_REFERENCE_LENGTH]


def parse_reference(reference: str) -> Reference:
    """Return the reference's kind and name; text without a colon is a kind without a name."""
    kind, _colon, name = reference.partition(":")
    return Reference(kind, name)


def primary_key_in(reference: str, kind: ReferenceKind) -> int | None:
    """Return the primary key that a reference of this kind names, and None if it names none."""
    found = parse_reference(reference)
    return int(found.name) if found.kind == kind and found.name.isdecimal() else None


def reference_expression(kind: ReferenceKind, name: str | F | OuterRef) -> Concat:
    """Return the database's expression for the reference to what has its name in this field."""
    return Concat(Value(reference_prefix(kind)), Cast(name, CharField()), output_field=CharField())


def name_expression(kind: ReferenceKind, field: str) -> Substr:
    """Return the database's expression for the name in a field of references of this kind."""
    return Substr(field, len(reference_prefix(kind)) + 1)


def reference_prefix(kind: ReferenceKind) -> str:
    """Return how each reference of this kind begins."""
    return f"{kind}:"
