"""What happened to an order, kept as kinds and figures, and said in words when somebody reads it."""

from collections import defaultdict
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cms.core.money import format_money
from cms.users.models import User
from shop.orders.models import Actor, HoldKind, Order, TimelineEntry


class TimelineKind(StrEnum):
    PLACED = "placed"
    PAYMENT_STARTED = "payment_started"
    PAYMENT_PROCESSING = "payment_processing"
    PAYMENT_FAILED = "payment_failed"
    PAYMENT_EXPIRED = "payment_expired"
    PAYMENT_MISMATCH = "payment_mismatch"
    PAYMENT_SENT_BACK = "payment_sent_back"
    PAYMENT_SET_ASIDE = "payment_set_aside"
    PAID = "paid"
    NOTHING_TO_PAY = "nothing_to_pay"
    PAID_TWICE = "paid_twice"
    PAID_AFTER_CANCELLATION = "paid_after_cancellation"
    DISPATCHED = "dispatched"
    CANCELLED = "cancelled"
    HELD = "held"
    RELEASED = "released"
    RELEASED_BY_STAFF = "released_by_staff"
    LINK_RENEWED = "link_renewed"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_APPEALED = "dispute_appealed"
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"
    DISPUTE_CLOSED = "dispute_closed"
    REFUND_REQUESTED = "refund_requested"
    REFUND_SEEN = "refund_seen"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"
    KITS_VOIDED = "kits_voided"
    KITS_GIVEN_BACK = "kits_given_back"
    ERASED = "erased"
    EXPORTED = "exported"


SENTENCES = {
    TimelineKind.PLACED: _("The order was placed: %(money)s."),
    TimelineKind.PAYMENT_STARTED: _("A payment of %(money)s was started."),
    TimelineKind.PAYMENT_PROCESSING: _("The payment of %(money)s is on its way; the money is not here yet."),
    TimelineKind.PAYMENT_FAILED: _("The payment of %(money)s failed."),
    TimelineKind.PAYMENT_EXPIRED: _("The payment of %(money)s was not made in time."),
    TimelineKind.PAYMENT_MISMATCH: _(
        "A payment did not match this order (%(differences)s), so nothing was settled."
    ),
    TimelineKind.PAYMENT_SENT_BACK: _(
        "The payment that did not match has gone back to the payer. The order can be paid again."
    ),
    TimelineKind.PAYMENT_SET_ASIDE: _(
        "The payment that did not match was set aside; its case says why. The order can be paid again."
    ),
    TimelineKind.PAID: _("%(money)s was paid."),
    TimelineKind.NOTHING_TO_PAY: _("Accepted without a payment: a discount code takes everything off."),
    TimelineKind.PAID_TWICE: _(
        "%(money)s was paid although the order was paid already. The money must be returned."
    ),
    TimelineKind.PAID_AFTER_CANCELLATION: _(
        "%(money)s was paid although the order was cancelled. The money must be returned."
    ),
    TimelineKind.DISPATCHED: _("Dispatched with %(carrier)s, tracking number %(tracking_number)s."),
    TimelineKind.CANCELLED: _("The order was cancelled."),
    TimelineKind.HELD: _("Must not be dispatched: %(hold)s."),
    TimelineKind.RELEASED: _("No longer held back: %(hold)s."),
    TimelineKind.RELEASED_BY_STAFF: _("Looked at and let go: %(hold)s. The reason is in the notes."),
    TimelineKind.LINK_RENEWED: _(
        "The link to the order’s page was renewed and sent to the customer. The old one opens nothing."
    ),
    TimelineKind.DISPUTE_OPENED: _("A dispute over %(money)s was opened at the payer's bank."),
    TimelineKind.DISPUTE_APPEALED: _("The bank looks at the dispute over %(money)s once more."),
    TimelineKind.DISPUTE_WON: _("The dispute over %(money)s was won."),
    TimelineKind.DISPUTE_LOST: _("The dispute over %(money)s was lost. The order stays held back."),
    TimelineKind.DISPUTE_CLOSED: _("The dispute over %(money)s ended without a decision."),
    TimelineKind.REFUND_REQUESTED: _("A refund of %(money)s was asked for."),
    TimelineKind.REFUND_SEEN: _("A refund of %(money)s was made in Stripe's dashboard."),
    TimelineKind.REFUNDED: _("%(money)s was returned."),
    TimelineKind.REFUND_FAILED: _("The refund of %(money)s failed. The money is still with the shop."),
    TimelineKind.KITS_VOIDED: _("Not to be sent any more, because the money goes back: %(kits)s."),
    TimelineKind.KITS_GIVEN_BACK: _("Part of the order again, because the money did not go back: %(kits)s."),
    TimelineKind.ERASED: _("The personal and health data were erased."),
    TimelineKind.EXPORTED: _("Everything held about the buyer was downloaded."),
}
# Once the parcel's number is erased, and a carrier's name that may have been anything.
DISPATCHED_WITHOUT_NUMBER = _("Dispatched with %(carrier)s.")
DISPATCHED = _("Dispatched.")
# The reconciler writes with the cause "reconciler": no message from Stripe had come.
FOUND_LATE = _("Found by asking Stripe.")
MONEY_TO_RETURN = (TimelineKind.PAID_TWICE, TimelineKind.PAID_AFTER_CANCELLATION)


def record(
    order: Order, kind: TimelineKind, actor: Actor, *, user: User | None = None, data: dict | None = None
) -> TimelineEntry:
    """Write an entry of the order's timeline. `data` holds ids, figures and states, never a health detail."""
    return TimelineEntry.objects.create(order=order, kind=kind, actor=actor, user=user, data=data or {})


def sentence(entry: TimelineEntry) -> str:
    """Return the entry as a sentence for staff, in the reader's language; without one, its kind's name."""
    if entry.kind not in SENTENCES:
        return entry.kind.replace("_", " ")
    values: defaultdict[str, Any] = defaultdict(str, entry.data)
    if "amount" in values:
        values["money"] = format_money(values["amount"], values["currency"])
    if "hold" in values:
        values["hold"] = HoldKind(values["hold"]).label.lower()
    if "count" in values:
        values["kits"] = ngettext("%d kit", "%d kits", values["count"]) % values["count"]
    values["differences"] = ", ".join(entry.data.get("differences", []))
    text = str(_template_of(entry)) % values
    return f"{text} {FOUND_LATE}" if values["cause"] == "reconciler" else text


def _template_of(entry: TimelineEntry) -> str | Promise:
    if entry.kind == TimelineKind.DISPATCHED and not entry.data.get("tracking_number"):
        return DISPATCHED_WITHOUT_NUMBER if entry.data.get("carrier") else DISPATCHED
    return SENTENCES[TimelineKind(entry.kind)]
