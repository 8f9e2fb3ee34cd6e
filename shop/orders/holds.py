"""Reasons why an order must not leave. A dispatch is refused while one stands (see transitions)."""

from django.utils import timezone

from cms.users.models import User
from shop.orders import timeline
from shop.orders.late_orders import end_late_case
from shop.orders.models import Actor, Hold, HoldKind, Order
from shop.orders.timeline import TimelineKind

# What a person has looked at and let go stays released.
DECIDED_BY_STAFF = frozenset({HoldKind.FRAUD_WARNING})


def place_hold(order: Order, kind: HoldKind, *, occasion: str = "") -> Hold:
    """Stop the order's dispatch; return the hold, for the same kind and occasion the one that stands.

    One that was released stands again, unless it was for staff to decide. Call it under the order's lock, so
    that a dispatch comes before or after and not between.
    """
    hold, is_placed = Hold.objects.get_or_create(order=order, kind=kind, occasion=occasion)
    if hold.released_at and kind not in DECIDED_BY_STAFF:
        hold.placed_at, hold.released_at, is_placed = timezone.now(), None, True
        hold.save(update_fields=["placed_at", "released_at"])
    if is_placed:
        timeline.record(order, TimelineKind.HELD, Actor.SYSTEM, data={"hold": kind})
        end_late_case(order, str(HoldKind(kind).label))
    return hold


def release_hold(order: Order, kind: HoldKind, *, occasion: str = "", user: User | None = None) -> bool:
    """Let the order go again, perhaps by a person; return False when there was nothing to release."""
    standing = order.holds.standing().filter(kind=kind, occasion=occasion)
    if not standing.update(released_at=timezone.now()):
        return False
    entry, actor = TimelineKind.RELEASED, Actor.SYSTEM
    if user:
        entry, actor = TimelineKind.RELEASED_BY_STAFF, Actor.STAFF
    timeline.record(order, entry, actor, user=user, data={"hold": kind})
    return True
