"""What must add up after the storm. Each check gives a sentence for everything that does not."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from shop.mail.models import MailState, OutboxMail
from shop.orders.models import Order, OrderStatus, TimelineEntry
from shop.orders.timeline import MONEY_TO_RETURN, TimelineKind
from shop.payments.models import EventState, Payment, PaymentState, WebhookEvent
from shop.payments.refund_models import Refund
from shop.receipts.models import Receipt, ReceiptKind

PAID = (OrderStatus.PAID, OrderStatus.DISPATCHED)
# What the sender sees when the mail server goes away after it took the mail and before it said so.
LOST_ANSWERS = ("SMTPServerDisconnected", "TimeoutError", "ConnectionResetError", "BrokenPipeError")


@dataclass(frozen=True)
class Evidence:
    """What the others know: the provider's books, and the Message-IDs that the mail server took."""

    books: dict
    taken_message_ids: list[str]


def findings(evidence: Evidence) -> list[str]:
    """Everything that does not add up, in words; an empty list is the wish."""
    checks: Iterable[Iterator[str]] = (
        money_without_an_order(evidence.books),
        payments_unknown_to_the_provider(evidence.books),
        differing_refunds(evidence.books),
        paid_states(),
        double_transitions(),
        repeated_orders(),
        missing_mails(),
        unsent_mails(evidence.taken_message_ids),
        repeated_mails(evidence.taken_message_ids),
        unhandled_events(),
        receipt_numbers(),
    )
    return [finding for check in checks for finding in check]


def money_without_an_order(books: dict) -> Iterator[str]:
    """Each of the provider's payments stands in the ledger, with its order, amount and currency."""
    ledger = {payment.payment_intent_id: payment for payment in _succeeded()}
    for line in _received(books):
        payment = ledger.get(line["payment_intent"])
        if payment is None:
            yield f"{line['payment_intent']}: {line['received']} received, not in the ledger"
            continue
        theirs = (line["client_reference_id"], line["received"], line["currency"].upper())
        ours = (payment.order.code, payment.amount, payment.currency)
        if theirs != ours:
            yield f"{line['payment_intent']}: the provider says {theirs}, the ledger {ours}"


def payments_unknown_to_the_provider(books: dict) -> Iterator[str]:
    """Nothing counts as paid here that the provider did not receive."""
    received = {line["payment_intent"] for line in _received(books)}
    for payment in _succeeded():
        if payment.payment_intent_id not in received:
            yield f"payment {payment.pk}: paid in the ledger, not in the provider's books"


def differing_refunds(books: dict) -> Iterator[str]:
    """What was given back or promised is the same sum on both sides, for each payment."""
    rows = Refund.objects.holding().order_by().values_list("payment__payment_intent_id")
    ours = dict(rows.annotate(sum=Sum("amount")))
    theirs = {line["payment_intent"]: line["refunded"] for line in books["payment_intents"]}
    for intent in sorted(ours.keys() | theirs.keys(), key=str):
        if ours.get(intent, 0) != theirs.get(intent, 0):
            yield f"{intent}: {theirs.get(intent, 0)} refunded, {ours.get(intent, 0)} in the ledger"


def paid_states() -> Iterator[str]:
    """An order is paid exactly when money came; what came too much is noted to be returned."""
    orders = Order.objects.annotate(
        money=Count("payments", filter=Q(payments__state=PaymentState.SUCCEEDED), distinct=True),
        returns=Count("timeline", filter=Q(timeline__kind__in=MONEY_TO_RETURN), distinct=True),
    )
    for order in orders:
        is_paid = order.status in PAID
        if is_paid and not order.money:
            yield f"order {order.code}: {order.status} without a payment"
        if order.money and order.status == OrderStatus.AWAITING_PAYMENT:
            yield f"order {order.code}: money arrived, and it still waits"
        if order.money - is_paid != order.returns:
            yield f"order {order.code}: {order.money} payments, {order.returns} noted to be returned"


def double_transitions() -> Iterator[str]:
    """Placed once; paid or cancelled once at most; each payment settled once."""
    once = [TimelineKind.PLACED, TimelineKind.PAID, TimelineKind.CANCELLED]
    repeated = (
        TimelineEntry.objects.filter(kind__in=once)
        .values("order__code", "kind")
        .annotate(times=Count("pk"))
        .filter(times__gt=1)
    )
    for row in repeated.order_by():
        yield f"order {row['order__code']}: “{row['kind']}” {row['times']} times"
    for order in Order.objects.exclude(timeline__kind=TimelineKind.PLACED):
        yield f"order {order.code}: nobody placed it"
    for order in Order.objects.filter(status__in=PAID).exclude(timeline__kind=TimelineKind.PAID):
        yield f"order {order.code}: paid without an entry"
    settled = [*MONEY_TO_RETURN, TimelineKind.PAID]
    entries = TimelineEntry.objects.filter(kind__in=settled).values_list("data__payment", flat=True)
    for payment, times in Counter(entries).items():
        if times > 1:
            yield f"payment {payment}: settled {times} times"


def repeated_orders() -> Iterator[str]:
    """A form that was sent again made no second order: each basket's buyer has an address of its own."""
    for row in Order.objects.values("email").annotate(times=Count("pk")).filter(times__gt=1).order_by():
        yield f"{row['email']}: {row['times']} orders from one basket"


def missing_mails() -> Iterator[str]:
    """Each order has its mails, once each: received; and when it is paid, paid and a notice to staff."""
    rows = Counter(OutboxMail.objects.filter(occasion="").values_list("reference", "kind"))
    for order in Order.objects.all():
        kinds = ["order_received", *(("order_paid", "new_order") if order.paid_at else ())]
        for kind in kinds:
            if rows[order.reference, kind] != 1:
                yield f"order {order.code}: {rows[order.reference, kind]} mails “{kind}” instead of one"


def unsent_mails(taken_message_ids: list[str]) -> Iterator[str]:
    """Every mail is recorded as sent, and the mail server has it; it has no other."""
    taken = set(taken_message_ids)
    for mail in OutboxMail.objects.all():
        if mail.state != MailState.SENT:
            yield f"mail {mail.pk} ({mail.kind}): {mail.state}"
        if mail.message_id not in taken:
            yield f"mail {mail.pk} ({mail.kind}): the mail server never took it"
    for message_id in taken - set(OutboxMail.objects.values_list("message_id", flat=True)):
        yield f"{message_id}: the mail server took it, the outbox does not know it"


def repeated_mails(taken_message_ids: list[str]) -> Iterator[str]:
    """A mail left twice only where the outcome of an earlier attempt could not be recorded.

    This is the documented case: the worker died, or the database or the mail server went away, between the
    mail server's taking it and the worker's writing that down.
    """
    taken = Counter(taken_message_ids)
    repeated = [message_id for message_id, times in taken.items() if times > 1]
    for mail in OutboxMail.objects.filter(message_id__in=repeated).prefetch_related("attempts"):
        attempts = list(mail.attempts.all())
        excused = sum(
            attempt.succeeded is None or (not attempt.succeeded and attempt.error.startswith(LOST_ANSWERS))
            for attempt in attempts
        )
        recorded = sum(bool(attempt.succeeded) for attempt in attempts)
        if recorded > 1 or taken[mail.message_id] > recorded + excused:
            yield f"mail {mail.pk} ({mail.kind}): taken {taken[mail.message_id]} times without an excuse"


def unhandled_events() -> Iterator[str]:
    """No event was left unhandled, and none was about a payment that the shop does not know."""
    left = [EventState.RECEIVED, EventState.FAILED, EventState.SET_ASIDE]
    for event in WebhookEvent.objects.filter(state__in=left):
        yield f"event {event.event_id} ({event.kind}): {event.state} {event.reason}"


def receipt_numbers() -> Iterator[str]:
    """Every order that was paid has one receipt, and no number is missing."""
    for order in Order.objects.exclude(paid_at=None).exclude(receipts__kind=ReceiptKind.RECEIPT):
        yield f"order {order.code}: paid without a receipt"
    numbers: dict[str, list[int]] = {}
    for number in Receipt.objects.values_list("number", flat=True):
        year, _hyphen, running = number.rpartition("-")
        numbers.setdefault(year, []).append(int(running))
    for year, found in numbers.items():
        if sorted(found) != list(range(1, len(found) + 1)):
            yield f"receipts of {year}: {len(found)} documents, but the last is number {max(found)}"


def _succeeded():
    return Payment.objects.filter(state=PaymentState.SUCCEEDED).select_related("order")


def _received(books: dict) -> list[dict]:
    return [line for line in books["payment_intents"] if line["received"]]
