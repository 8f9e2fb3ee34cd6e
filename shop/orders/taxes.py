from cms.core.money import format_money
from shop.orders.models import Order


def tax_included(order: Order) -> str:
    """The tax in the order's total, as a reader expects it; an empty text when there is none."""
    amount = sum(line.tax_amount for line in order.lines.all())
    return format_money(amount, order.currency) if amount else ""
