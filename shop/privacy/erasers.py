"""What each room holds about the people of an order, and how it is taken out.

A room with a table of its own takes part by a function in ERASERS. Each is called under the order's lock, may
run any number of times, leaves every amount as it is, and writes only what is neutral.
"""

from collections.abc import Callable

from django.db.models import QuerySet

from shop.checkout.models import Basket, LinkRequest
from shop.discounts import reserving
from shop.mail.models import MailAttempt, MailState
from shop.orders.models import Order, Shipment, is_known_carrier
from shop.orders.search import keep
from shop.privacy.traces import cases_of, events_of, link_requests_of, mails_of, refunds_of
from shop.receipts.erasure import erase_personal_data

# Stands where a text must not be empty, because a list or a document shows it.
ERASED = "(erased)"
NEUTRAL_PRODUCT = "Health check"
PERSONAL_FIELDS = (
    "email",
    "buyer_name",
    "phone",
    "recipient_name",
    "address_line_1",
    "address_line_2",
    "city",
    "region",
    "postal_code",
    "discount_code",  # a code may be one person's own, or be for one package only
)
# Texts under these names are one of a few fixed words or a provider's id; any other text may be anything.
KEPT_TEXTS = frozenset({"currency", "cause", "hold", "differences", "refund", "dispute", "forced"})


def erase_order_data(order: Order) -> None:
    """Erase who bought and where the parcel went; the country stays, because the tax depends on it."""
    # The basket's key ties together what one browser ordered.
    Order.objects.filter(pk=order.pk).update(**dict.fromkeys(PERSONAL_FIELDS, ""), basket_key=None)


def erase_people(order: Order) -> None:
    """Erase who was tested; the rows stay, because the kits belong to them."""
    order.people.update(name="", date_of_birth=None, sex_at_birth="")


def erase_lines(order: Order) -> None:
    """Erase what was measured, and the page that led to it: it may name an illness. Prices and tax stay."""
    order.lines.update(name=NEUTRAL_PRODUCT, sku="", contents=[], package=None, origin_page=None)


def erase_notes(order: Order) -> None:
    order.notes.update(text=ERASED)


def erase_timeline(order: Order) -> None:
    """Erase free texts of the entries; what happened, when, by whom and for how much stays."""
    for entry in order.timeline.all():
        kept = without_texts(entry.data)
        if kept != entry.data:
            entry.data = kept
            entry.save(update_fields=["data"])


def erase_shipments(order: Order) -> None:
    """Erase tracking numbers, which lead to the address, and unknown carriers, who may be neighbours."""
    for shipment in Shipment.objects.filter(order=order):
        shipment.tracking_number = ""
        if not is_known_carrier(shipment.carrier):
            shipment.carrier = ERASED
        shipment.save(update_fields=["tracking_number", "carrier"])


def erase_mails(order: Order) -> None:
    """Erase everything about the order that was or will be sent, to the customer and to staff."""
    blank_mails(mails_of(order))


def erase_events(order: Order) -> None:
    """Erase failures' messages and tracebacks; the events hold ids, amounts and states only."""
    events_of(order).update(reason="", traceback="")


def erase_payments(order: Order) -> None:
    """Erase the address of a payment page, which is the buyer's own."""
    order.payments.update(url="")


def erase_refunds(order: Order) -> None:
    """Erase why staff gave money back, in their own words; amounts and lines stay."""
    refunds_of(order).exclude(reason="").update(reason=ERASED)


def erase_cases(order: Order) -> None:
    for case in cases_of(order):
        case.reason = ERASED
        case.outcome = ERASED if case.outcome else ""
        case.data = without_texts(case.data)
        case.save(update_fields=["reason", "outcome", "data"])


def erase_receipts(order: Order) -> None:
    """Erase who a receipt is for and what it is for; a later copy is drawn without them."""
    erase_personal_data(order)


def erase_discount_use(order: Order) -> None:
    """Erase whose use of a discount code it was; the use still counts against the code's limit."""
    reserving.forget_customer(order.reference)


def erase_baskets(order: Order) -> None:
    """Delete the basket that became the order, which says what was bought and is found by a cookie."""
    Basket.objects.filter(order=order).delete()


def erase_link_requests(order: Order) -> None:
    """Delete requests for the order's link, and its buyer's others."""
    requests = LinkRequest.objects.filter(code=order.code)
    forget_link_requests(requests | link_requests_of(order.email) if order.email else requests)


def erase_search_text(order: Order) -> None:
    """Erase what the order was found by; its code stays."""
    keep(Order.objects.get(pk=order.pk))


ERASERS: list[Callable[[Order], None]] = [
    erase_order_data,
    erase_people,
    erase_lines,
    erase_notes,
    erase_timeline,
    erase_shipments,
    erase_mails,
    erase_events,
    erase_payments,
    erase_refunds,
    erase_cases,
    erase_receipts,
    erase_discount_use,
    erase_baskets,
    erase_link_requests,
    erase_search_text,  # last: it keeps what the others have left
]


def blank_mails(mails) -> None:
    """Take words, recipient and the mail server's answers out of mails; one that waits is not sent."""
    mails.waiting().update(state=MailState.CANCELLED, leased_until=None)
    MailAttempt.objects.filter(mail__in=mails).update(error="")
    mails.update(recipient="", subject=ERASED, text_body="", html_body="", report="")


def forget_link_requests(requests: QuerySet[LinkRequest]) -> None:
    """Remove requests for a link; they are answered no more."""
    # A worker that answers one holds it, waits for the order and then removes it: nobody waits for the other.
    idle = requests.select_for_update(skip_locked=True).values_list("pk", flat=True)
    LinkRequest.objects.filter(pk__in=list(idle)).delete()


def without_texts(data: dict) -> dict:
    """Return of a row's data the figures, yes and no, and the texts that are known to be harmless."""
    return {name: value for name, value in data.items() if _is_harmless(name, value)}


def _is_harmless(name: str, value: object) -> bool:
    if name == "carrier":
        return is_known_carrier(str(value))
    return name in KEPT_TEXTS or value is None or isinstance(value, int | float)
