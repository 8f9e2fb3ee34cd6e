"""What happens to the code under test between two of its statements, without a second thread."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection


@contextmanager
def just_before_the_order_is_locked(happens: Callable[[], object]) -> Iterator[None]:
    """Something else is faster, once: the first statement that reads the order alone waits for it."""
    waiting = [happens]

    def hook(execute, sql, params, many, context):
        if waiting and 'FROM "orders_order"' in sql:
            waiting.pop()()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(hook):
        yield
    assert not waiting, "no order was locked"


@contextmanager
def unwritable(row) -> Iterator[None]:
    """Let the database accept no change of this row."""
    update = f'UPDATE "{row._meta.db_table}"'

    def hook(execute, sql, params, many, context):
        if sql.startswith(update) and params[-1] == row.pk:
            raise OperationalError("This row is broken")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(hook):
        yield
