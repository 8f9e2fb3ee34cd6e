"""Which unpaid orders keep something from other buyers."""

from django.db.models import Exists, OuterRef, Q

from shop.catalogue.models import StockReservation
from shop.discounts.models import DiscountUse, UseState
from shop.references import ReferenceKind, reference_expression


def holds_something_scarce() -> Q:
    """A condition on orders: they hold a part of a limited stock, or one of a code's counted uses."""
    theirs = {"order_reference": reference_expression(ReferenceKind.ORDER, OuterRef("code"))}
    uses = DiscountUse.objects.filter(**theirs, state=UseState.RESERVED, code__total_limit__isnull=False)
    return Q(Exists(StockReservation.objects.filter(**theirs))) | Q(Exists(uses))
