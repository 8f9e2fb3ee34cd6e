"""Everything held about a person, as plain data that can be read and handed over.

Left out are the names of staff, which are theirs, the secret of the order page's link outside the mails, and
the tracebacks of events, which tell of our program: what went wrong is in the event's reason.
"""

import json
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.utils import timezone
from phonenumber_field.phonenumber import PhoneNumber

from cms.core.calendar import site_time
from cms.typed.text import clean_email
from shop.discounts.models import DiscountUse
from shop.mail.models import OutboxMail
from shop.orders.models import Kit, Order
from shop.orders.timeline import sentence
from shop.payments.order_states import shown_state
from shop.privacy.erasers import PERSONAL_FIELDS
from shop.privacy.traces import (
    cases_of,
    disputes_of,
    events_of,
    link_requests_of,
    mails_of,
    orders_of,
    other_mails_of,
    refunds_of,
)

ORDER_FIELDS = (
    "code",
    *PERSONAL_FIELDS,
    "country",
    "currency",
    "discount_amount",
    "total_amount",
    "created_at",
    "paid_at",
)
LINE_FIELDS = (
    "sku",
    "name",
    "contents",
    "unit_amount",
    "quantity",
    "discount_amount",
    "tax_rate",
    "tax_amount",
)
PAYMENT_FIELDS = (
    "session_id",
    "payment_intent_id",
    "amount",
    "currency",
    "state",
    "created_at",
    "settled_at",
)
MAIL_FIELDS = (
    "kind",
    "recipient",
    "subject",
    "text_body",
    "html_body",
    "state",
    "report",
    "created_at",
    "sent_at",
)
DISPUTE_FIELDS = ("provider_id", "amount", "currency", "state", "reason", "opened_at", "closed_at")
REFUND_FIELDS = (
    "provider_id",
    "amount",
    "currency",
    "state",
    "origin",
    "reason",
    "failure_reason",
    "created_at",
    "settled_at",
)
ATTEMPT_FIELDS = ("started_at", "succeeded", "error")
EVENT_FIELDS = ("kind", "payload", "state", "reason", "received_at")
HOLD_FIELDS = ("kind", "occasion", "placed_at", "released_at")
RECEIPT_FIELDS = ("number", "kind", "issued_at", "data")
CASE_FIELDS = ("kind", "reason", "data", "state", "outcome", "created_at", "closed_at")


def export_person(email: str) -> dict:
    """Return everything under this e-mail address, however it is typed. Raise ValueError for an empty one."""
    return {
        "email": clean_email(email),
        "exported_at": timezone.now(),
        "amounts": "in the smallest unit of the currency, as Stripe counts: 9900 is 99.00 USD and 9900 JPY",
        "orders": [export_order(order) for order in orders_of(email)],
        "other_mails": _mails(other_mails_of(email)),
        "link_requests": [
            _fields(link_request, ("code", "email", "created_at")) for link_request in link_requests_of(email)
        ],
    }


def export_order(order: Order) -> dict:
    """Return everything about one order."""
    basket = getattr(order, "basket", None)
    return {
        **_fields(order, ORDER_FIELDS),
        "status": shown_state(order),
        "tested_people": [
            _fields(person, ("name", "date_of_birth", "sex_at_birth")) for person in order.people.all()
        ],
        "lines": [
            {**_fields(line, LINE_FIELDS), "came_from": line.origin_page.title if line.origin_page else None}
            for line in order.lines.select_related("origin_page")
        ],
        "kits": [
            _kit(kit)
            for kit in Kit.objects.filter(line__order=order).select_related("person", "line", "shipment")
        ],
        "consents": [
            {
                "kind": given.text.kind,
                "version": given.text.version,
                "text": given.text.text,
                "given_at": given.given_at,
            }
            for given in order.consents.select_related("text")
        ],
        "payments": [_fields(payment, PAYMENT_FIELDS) for payment in order.payments.all()],
        "disputes": [_fields(dispute, DISPUTE_FIELDS) for dispute in disputes_of(order)],
        "refunds": [_fields(refund, REFUND_FIELDS) for refund in refunds_of(order)],
        "discount_uses": [
            {"code": use.code.code, "state": use.state, "reserved_at": use.reserved_at}
            for use in DiscountUse.objects.filter(order_reference=order.reference).select_related("code")
        ],
        "receipts": [_fields(receipt, RECEIPT_FIELDS) for receipt in order.receipts.all()],
        "payment_messages": [_fields(event, EVENT_FIELDS) for event in events_of(order)],
        "parcels": [
            _fields(shipment, ("carrier", "tracking_number", "dispatched_at"))
            for shipment in order.shipments.all()
        ],
        "mails": _mails(mails_of(order)),
        "holds": [_fields(hold, HOLD_FIELDS) for hold in order.holds.all()],
        "notes": [_fields(note, ("text", "created_at")) for note in order.notes.all()],
        "cases": [_fields(case, CASE_FIELDS) for case in cases_of(order)],
        "timeline": [
            {"text": sentence(entry), "by": entry.actor, "at": entry.created_at, "data": entry.data}
            for entry in order.timeline.all()
        ],
        "basket": [
            {"package": line.package.name, "quantity": line.quantity, "added_at": line.added_at}
            for line in (basket.lines.select_related("package") if basket else [])
        ],
    }


def _kit(kit: Kit) -> dict:
    return {
        "for": kit.person.name,
        "package": kit.line.name,
        "sent_at": kit.shipment.dispatched_at if kit.shipment else None,
        "not_sent_because_refunded_at": kit.voided_at,
    }


class SiteEncoder(DjangoJSONEncoder):
    """Moments in the site's time zone with its offset: the dates that receipts and staff's screens show."""

    def default(self, value):
        return super().default(site_time(value) if isinstance(value, datetime) else value)


def as_json(exported: dict) -> str:
    """Return the export as indented JSON text."""
    return json.dumps(exported, cls=SiteEncoder, indent=2, ensure_ascii=False) + "\n"


def _mails(mails: QuerySet[OutboxMail]) -> list[dict]:
    return [
        {
            **_fields(mail, MAIL_FIELDS),
            "attempts": [_fields(attempt, ATTEMPT_FIELDS) for attempt in mail.attempts.all()],
        }
        for mail in mails.order_by("created_at").prefetch_related("attempts")
    ]


def _fields(row, names: tuple[str, ...]) -> dict:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value):
    if isinstance(value, PhoneNumber):
        return value.as_international
    return str(value) if type(value).__module__.startswith("django_countries") else value
