"""Which kits lose their money by refunds. A kit whose money goes back is void and never in a parcel."""

from django.db.models import Exists, OuterRef, QuerySet, Sum

from shop.orders import holds
from shop.orders.kits import keep_void
from shop.orders.models import HoldKind, Kit, Order, OrderStatus
from shop.payments.ledger import ledger_of, payments_to_return
from shop.payments.models.refunds import Refund, RefundLine


def with_refunds(kits: QuerySet[Kit]) -> QuerySet[Kit]:
    """Return the kits with `is_refunded`: their money was given back by name or is promised."""
    return kits.annotate(is_refunded=_naming_refund())


def refunded_kit_ids(order: Order) -> set[int]:
    """Return the kits whose money was given back by name or is promised, sent ones too."""
    kits = Kit.objects.filter(_naming_refund(), line__order=order)
    return set(kits.values_list("pk", flat=True))


def _naming_refund() -> Exists:
    return Exists(RefundLine.objects.filter(refund__in=Refund.objects.holding(), kits=OuterRef("pk")))


def refunded_without_kits(order: Order) -> int:
    """Return what goes back without naming a kit, in minor units, of payments that the order needs."""
    naming = RefundLine.objects.filter(refund=OuterRef("pk"), kits__isnull=False)
    refunds = Refund.objects.holding().filter(~Exists(naming), payment__order=order)
    needed = refunds.exclude(payment__in=payments_to_return(order.timeline.all()))
    return needed.aggregate(amount=Sum("amount"))["amount"] or 0


def void_refunded_kits(order: Order, refund: Refund) -> None:
    """Make the order's kits and its hold agree with its refunds after this one changed.

    Derived anew from all refunds that hold, so any order of events ends the same. When all of the money goes
    back, whoever asked for it and however it was counted, every kit is void. Call it under the order's lock.
    """
    is_all_refunded = ledger_of(order).is_all_refunded
    all_kits = Kit.objects.filter(line__order=order)
    keep_void(
        order, set(all_kits.values_list("pk", flat=True)) if is_all_refunded else refunded_kit_ids(order)
    )
    if order.status != OrderStatus.PAID:
        return
    standing = order.holds.standing().filter(kind=HoldKind.REFUNDED)
    if all_kits.to_send().exists():
        for hold in standing:
            holds.release_hold(order, HoldKind.REFUNDED, occasion=hold.occasion)
    elif not standing.exists():
        holds.place_hold(order, HoldKind.REFUNDED, occasion=refund.occasion)
