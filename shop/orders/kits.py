"""Which of an order's kits go into a parcel: all that are in none yet and whose money stays with the shop."""

from collections.abc import Collection, Iterable

from django.utils import timezone

from shop.orders import timeline
from shop.orders.models import Actor, Kit, KitQuerySet, Order, OrderLine
from shop.orders.timeline import TimelineKind


def lock_kits_to_send(order: Order) -> list[int]:
    """Return the primary keys of the kits that a parcel may hold now. Call it under the order's lock."""
    return [kit.pk for kit in _lock(order).to_send()]


def keep_void(order: Order, kit_ids: Collection[int]) -> None:
    """Make exactly these of the order's unsent kits void; the others may be sent again.

    A kit that has left is never void: it cannot be called back. Call it under the order's lock.
    """
    kits = list(_lock(order).filter(shipment=None))
    lost = [kit.pk for kit in kits if kit.pk in kit_ids and kit.voided_at is None]
    found = [kit.pk for kit in kits if kit.pk not in kit_ids and kit.voided_at is not None]
    _write(order, lost, TimelineKind.KITS_VOIDED)
    _write(order, found, TimelineKind.KITS_GIVEN_BACK)


def _lock(order: Order) -> KitQuerySet:
    """Lock the kits alone, without a join."""
    lines = OrderLine.objects.filter(order=order)
    return Kit.objects.select_for_update().filter(line__in=lines).order_by("pk")


def _write(order: Order, kit_ids: Iterable[int], kind: TimelineKind) -> None:
    if not kit_ids:
        return
    voided_at = timezone.now() if kind == TimelineKind.KITS_VOIDED else None
    count = Kit.objects.filter(pk__in=kit_ids).update(voided_at=voided_at)
    timeline.record(order, kind, Actor.SYSTEM, data={"count": count})
