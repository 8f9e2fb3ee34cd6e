"""The counts that the torture prints."""

import os
from collections import Counter

from django.db.models import QuerySet, Sum

from shop.mail.models import OutboxMail
from shop.orders.models import Order
from shop.payments.models import Payment, PaymentState, WebhookEvent
from shop.payments.models.refunds import Refund
from shop.receipts.models import Receipt
from tools.torture.audit import Evidence
from tools.torture.buyers import Tally


def print_report(tally: Tally, sabotage: Counter[str], starts: dict[str, int], evidence: Evidence) -> None:
    """Print what was tried, what was broken, and what came of it."""
    rows = [
        ("purchases", f"{tally.purchases.total()} finished in {tally.baskets} baskets"),
        *(("", f"{count:>4} × {name}") for name, count in tally.purchases.most_common()),
        ("tried again", f"{tally.retries} requests; given up: {_counted(tally.gave_up)}"),
        ("sabotage", f"{sabotage.total()} acts on {os.cpu_count()} cores"),
        *(("", f"{count:>4} × {name}") for name, count in sorted(sabotage.items())),
        ("starts", _counted(Counter(starts))),
        ("orders", f"{Order.objects.count()}: {_counted(_by(Order.objects.all(), 'status'))}"),
        ("payments", f"{Payment.objects.count()}: {_counted(_by(Payment.objects.all(), 'state'))}"),
        ("settled by", _counted(_by(Payment.objects.filter(state=PaymentState.SUCCEEDED), "settled_by"))),
        ("money", _money(evidence.books)),
        ("events", f"{WebhookEvent.objects.count()}: {_counted(_by(WebhookEvent.objects.all(), 'state'))}"),
        ("mails", f"{OutboxMail.objects.count()}: {_counted(_by(OutboxMail.objects.all(), 'kind'))}"),
        ("taken", _taken(evidence.accepted_message_ids)),
        ("receipts", str(Receipt.objects.count())),
    ]
    for name, value in rows:
        print(f"{name:<12}{value}", flush=True)


def _by(queryset: QuerySet, field: str) -> Counter[str]:
    return Counter(queryset.order_by().values_list(field, flat=True))


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counter.most_common()) or "none"


def _money(books: dict) -> str:
    ours = Payment.objects.filter(state=PaymentState.SUCCEEDED).aggregate(sum=Sum("amount"))["sum"] or 0
    lines = [line for line in books["payment_intents"] if line["received"]]
    theirs = sum(line["received"] for line in lines)
    refunded = sum(line["refunded"] for line in lines)
    given_back = Refund.objects.holding().aggregate(sum=Sum("amount"))["sum"] or 0
    returned = f"{refunded} and {given_back} given back"
    return f"{theirs} in {len(lines)} payments in the provider's books, {ours} in the ledger; {returned}"


def _taken(message_ids: list[str]) -> str:
    repeated = len(message_ids) - len(set(message_ids))
    return f"{len(message_ids)} by the mail server, {repeated} of them once more (at least once)"
