"""The order of locks, the same everywhere, so that no two transactions wait for each other:

1. the order
2. its payments, by primary key
3. its kits, by primary key
4. the discount code
5. the packages whose stock is limited, by primary key
6. rows that only this transaction writes: timeline, shipments, mails

A new order is nobody else's yet: placing it begins with the discount code, after the basket it comes from.

Whoever changes an order, its payments or its kits locks the order first, so everything that happens to one
order happens one after the other. SQLite has no row locks: there each transaction has the database for itself
from its first statement (`transaction_mode: IMMEDIATE` in the settings).
"""

from shop.orders.models import Order


def lock_order(order_id: int) -> Order:
    """Return the order as it stands, held until the transaction ends.

    Raise Order.DoesNotExist, and TransactionManagementError outside a transaction.
    """
    return Order.objects.select_for_update().get(pk=order_id)
