"""Many orders from one, by the database itself: rows as the shop writes them, with ids of their own."""

from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Max, Model

from shop.mail.models import OutboxMail
from shop.orders.models import Order, OrderLine, TestedPerson
from shop.orders.timeline import TimelineKind
from shop.payments.models import Payment, PaymentState

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


def multiply(template: Order, count: int) -> None:
    """Adds that many orders like this one, each with line, person, kit, consents, entry, payment and mail."""
    if count <= 0:
        return
    line, person = template.lines.get(), template.people.get()
    own = {"order_id": "n"}
    copies: list[tuple[Model, dict[str, str]]] = [
        (template, {"id": "n", **ORDER}),
        (line, {"id": "n", **own}),
        (person, {"id": "n", **own}),
        (line.kits.get(), {"line_id": "n", "person_id": "n"}),
        *((consent, own) for consent in template.consents.all()),
        (template.timeline.get(kind=TimelineKind.PLACED), own),
        (_payment_of(template), {**own, **PAYMENT}),
        (OutboxMail.objects.get(reference=template.reference, kind="order_received"), MAIL),
    ]
    # One number for a row and all that belongs to it, above every id that is taken.
    numbered = (Order, OrderLine, TestedPerson)
    first = 1 + max(model.objects.aggregate(largest=Max("pk"))["largest"] for model in numbered)
    for start in range(first, first + count, BATCH):
        with transaction.atomic():
            for row, changes in copies:
                _copy(row, changes, start, min(start + BATCH, first + count) - 1)
    _go_on_above([model._meta.db_table for model in numbered])


def _payment_of(order: Order) -> Payment:
    """An attempt that came to nothing, as most that were ever made."""
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


def _go_on_above(tables: list[str]) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM {table}))",  # noqa: S608 - our tables' names
                [table],
            )
        cursor.execute("ANALYZE")
