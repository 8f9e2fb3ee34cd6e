"""Mails to customers against what happened to their orders. None is there twice: the table forbids it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from shop.audit.orders import PAID
from shop.audit.rules import Finding, Rule, order_of
from shop.mail.models import MailState, OutboxMail
from shop.orders.models import Order, Shipment
from shop.payments.models.refunds import Refund, RefundState
from shop.references import ReferenceKind, reference_expression

# Longer than a mail is tried before it is given up, which opens a case of its own.
SENT_WITHIN = timedelta(days=3)


def mails_of_orders(now: datetime) -> Iterator[Finding]:
    """Check that each order has its mails: received, paid or accepted, each parcel, each refund."""
    orders = Order.objects.filter(erased_at=None).order_by().annotate(mail_occasion=Value(""))
    shipments = Shipment.objects.filter(order__erased_at=None).order_by()
    refunds = Refund.objects.filter(state=RefundState.SUCCEEDED, payment__order__erased_at=None).order_by()
    paid = orders.filter(total_amount__gt=0)
    expected = (
        ("order_received", paid, "code"),
        ("order_paid", paid.filter(status__in=PAID), "code"),
        ("order_accepted", orders.filter(total_amount=0), "code"),
        ("order_dispatched", shipments.annotate(mail_occasion=_occasion("shipment-")), "order__code"),
        ("order_refunded", refunds.annotate(mail_occasion=_occasion("refund-")), "payment__order__code"),
    )
    for kind, rows, code in expected:
        for row in _without_mail(rows, kind, code).values_list(code, "mail_occasion").iterator():
            yield Finding(order_of(row[0]), f"there is no mail “{kind}” {row[1]}".strip())


def _occasion(prefix: str) -> Concat:
    return Concat(Value(prefix), Cast("pk", CharField()), output_field=CharField())


def _without_mail(rows: QuerySet, kind: str, code: str) -> QuerySet:
    reference = reference_expression(ReferenceKind.ORDER, OuterRef(code))
    mail = OutboxMail.objects.filter(reference=reference, kind=kind, occasion=OuterRef("mail_occasion"))
    return rows.filter(~Exists(mail))


def waiting_mails(now: datetime) -> Iterator[Finding]:
    """Check that no mail waits for longer than it is tried; one that was sent has its time."""
    waiting = OutboxMail.objects.waiting().filter(created_at__lt=now - SENT_WITHIN, next_attempt_at__lt=now)
    for row in waiting.order_by("pk").values("pk", "kind", "state").iterator():
        yield Finding(f"mail {row['pk']}", f"“{row['kind']}” is {row['state']} and nobody sends it")
    unclear = Q(state=MailState.SENT, sent_at=None) | (Q(sent_at__lt=F("created_at")))
    for row in OutboxMail.objects.filter(unclear).order_by("pk").values("pk", "kind").iterator():
        yield Finding(f"mail {row['pk']}", f"“{row['kind']}” is sent, and nobody knows when")


RULES = (
    Rule(
        "mails-of-orders",
        _("A customer was not told about an order"),
        "tell the customer; the order's screen sends the link again",
        mails_of_orders,
    ),
    Rule(
        "waiting-mails",
        _("A mail waits for a worker"),
        "look whether worker and beat run; the outbox sends it again",
        waiting_mails,
    ),
)
