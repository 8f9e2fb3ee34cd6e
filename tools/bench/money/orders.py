"""How long an order takes to be placed with few and with many orders in the database.

The many are made from one by the database itself: rows as the shop writes them, with ids of their own.
"""

import statistics
import time
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Max, Model

from shop.catalogue.models import Package
from shop.mail.models import OutboxMail
from shop.orders.models import Order, OrderLine, TestedPerson
from shop.orders.placing import LineRequest, place_order
from shop.orders.timeline import TimelineKind
from shop.payments.models import Payment, PaymentState
from tests.factories.shop import make_details, make_order

WARM_UP = 5
BATCH = 100_000
# What must differ from row to row, as SQL over the row's number `n`.
PLACED = "now() - n * interval '30 seconds'"
ORDER = {
    "code": "'B' || lpad(upper(to_hex(n)), 8, '0')",
    "secret": "md5(n::text) || md5((-n)::text)",
    "email": "'bench-' || n || '@checkup.example'",
    "created_at": PLACED,
}
PAYMENT = {
    "idempotency_key": "gen_random_uuid()",
    "session_id": "'cs_bench_' || n",
    "payment_intent_id": "'pi_bench_' || n",
    "created_at": PLACED,
}
MAIL = {
    "reference": "'order:B' || lpad(upper(to_hex(n)), 8, '0')",
    "message_id": "'<' || n || '@bench.checkup.example>'",
    "created_at": PLACED,
}


def measure(package: Package, sizes: list[int], placed: int) -> list[str]:
    """Return a figure for each size, and their ratio, a line each."""
    template = make_order(package=package, email="template@checkup.example")
    figures = []
    for size in sizes:
        began = time.perf_counter()
        multiply(template, size - Order.objects.count())
        print(f"{Order.objects.count():,} orders after {time.perf_counter() - began:.0f} s", flush=True)
        figures.append(_milliseconds(LineRequest(package=package, quantity=1), placed))
    rows = [
        f"place an order       {median:>10.1f} ms, slowest of a hundred {slowest:.1f} ms, at {size:,} orders"
        for size, (median, slowest) in zip(sizes, figures, strict=True)
    ]
    ratio = figures[-1][0] / figures[0][0]
    return [*rows, f"ratio                {ratio:>10.2f} times as long with many orders"]


def _milliseconds(line: LineRequest, placed: int) -> tuple[float, float]:
    """Return the median and the slowest of a hundred; each order is a transaction of its own."""
    times = []
    for number in range(WARM_UP + placed):
        details = make_details(email=f"placed-{number}@checkup.example")
        began = time.perf_counter()
        place_order(details, [line])
        times.append((time.perf_counter() - began) * 1000)
    times = sorted(times[WARM_UP:])
    return statistics.median(times), times[min(len(times) - 1, int(len(times) * 0.99))]


def multiply(template: Order, count: int) -> None:
    """Add that many orders like this one, each with line, person, kit, consents, entry, payment and mail."""
    if count <= 0:
        return
    line, person = template.lines.get(), template.people.get()
    of_order = {"order_id": "n"}
    copies: list[tuple[Model, dict[str, str]]] = [
        (template, {"id": "n", **ORDER}),
        (line, {"id": "n", **of_order}),
        (person, {"id": "n", **of_order}),
        (line.kits.get(), {"line_id": "n", "person_id": "n"}),
        *((consent, of_order) for consent in template.consents.all()),
        (template.timeline.get(kind=TimelineKind.PLACED), of_order),
        (_payment_of(template), {**of_order, **PAYMENT}),
        (OutboxMail.objects.get(reference=template.reference, kind="order_received"), MAIL),
    ]
    # One number for a row and all that belongs to it, above every id that is taken.
    models = (Order, OrderLine, TestedPerson)
    first = 1 + max(model.objects.aggregate(max=Max("pk"))["max"] for model in models)
    for start in range(first, first + count, BATCH):
        with transaction.atomic():
            for row, changes in copies:
                _copy(row, changes, start, min(start + BATCH, first + count) - 1)
    _reset_sequences([model._meta.db_table for model in models])


def _payment_of(order: Order) -> Payment:
    """Return an attempt that came to nothing, as most that were ever made."""
    existing = order.payments.first()
    return existing or Payment.objects.create(
        order=order,
        idempotency_key=uuid4(),
        amount=order.total_amount,
        currency=order.currency,
        state=PaymentState.EXPIRED,
        expires_at=order.created_at,
    )


def _copy(row: Model, changes: dict[str, str], first: int, last: int) -> None:
    table = connection.ops.quote_name(row._meta.db_table)
    fields = [field for field in row._meta.concrete_fields if not field.primary_key or "id" in changes]
    names = [str(field.column) for field in fields]
    columns = ", ".join(connection.ops.quote_name(name) for name in names)
    values = ", ".join(changes.get(name) or f"source.{connection.ops.quote_name(name)}" for name in names)
    statement = (
        f"INSERT INTO {table} ({columns}) SELECT {values}"  # noqa: S608 - names and expressions of this file
        f" FROM {table} AS source, generate_series(%s, %s) AS n WHERE source.id = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [first, last, row.pk])


def _reset_sequences(tables: list[str]) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM {table}))",  # noqa: S608 - our tables' names
                [table],
            )
        cursor.execute("ANALYZE")
