"""What staff find an order by, folded and kept with the order.

A name, a telephone number or a postcode is found however it is typed, on every database, because both what is
kept and what is looked for are folded by the same function. The text follows its sources by signals: whoever
adds a parcel or changes a person cannot forget it. See docs/adr/0021.
"""

import re
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.db.models.signals import post_save, pre_save
from phonenumber_field.phonenumber import PhoneNumber

from cms.typed.text import clean_code, figures, folded
from shop.orders.models import CARRIERS, Order, Shipment, TestedPerson

MAX_WORDS = 8
# Stands before a code, a number or an address where it was copied from, and in no text that is kept.
LABELS = frozenset({"order", "receipt", "phone", "tel", "mailto", *folded(" ".join(CARRIERS)).split()})
SOURCES = frozenset(
    {"code", "email", "buyer_name", "phone"}
    | {"recipient_name", "address_line_1", "address_line_2", "city", "postal_code"}
)
_TRUNK_ZERO = re.compile(r"\(0\)")
_RECEIPT = re.compile(r"(\d{4})(\d{6})")
_LETTER = re.compile(r"[^\W\d_]")


def find_orders(orders: QuerySet[Order], typed: str) -> QuerySet[Order]:
    """Return the orders that have every word of what was typed, or a part of a longer word that it is."""
    words = _sought(typed)
    if not words:
        return orders.none()
    found = Q(*(Q(search_text__contains=word) for word in words))
    # A receipt's number stands in its own row, which has an index. Asked first, it spoils no plan.
    if receipt := _receipt_number(words[0]):
        with_receipt = list(Order.objects.filter(receipts__number=receipt).values_list("pk", flat=True))
        found = found | Q(pk__in=with_receipt) if with_receipt else found
    return orders.filter(found)


def keep(order: Order) -> None:
    """Write anew what the order is found by."""
    names = order.people.values_list("name", flat=True)
    numbers = order.shipments.values_list("tracking_number", flat=True)
    Order.objects.filter(pk=order.pk).update(search_text=text_of(order, names, numbers))


def text_of(order: Order, names: Iterable[str], numbers: Iterable[str]) -> str:
    """Return the text of an order, the names of who is tested, and the numbers of its parcels."""
    places = (order.recipient_name, order.address_line_1, order.address_line_2, order.city)
    words = [
        _compact(order.code),
        folded(order.email),
        *(folded(text) for text in (order.buyer_name, *places, *names)),
        _compact(order.postal_code),
        *_ways_to_dial(order.phone),
        *(_compact(number) for number in numbers),
    ]
    return " ".join(filter(None, words))


def connect() -> None:
    """Let the text follow its sources."""
    pre_save.connect(_before_order_is_saved, sender=Order, dispatch_uid="search-new-order")
    post_save.connect(_order_saved, sender=Order, dispatch_uid="search-order")
    for part in (TestedPerson, Shipment):
        post_save.connect(_part_saved, sender=part, dispatch_uid=f"search-{part.__name__}")


def _before_order_is_saved(instance: Order, **kwargs) -> None:
    if instance._state.adding and not instance.search_text:
        instance.search_text = text_of(instance, (), ())


def _order_saved(
    instance: Order, created: bool, raw: bool, update_fields: Iterable[str] | None, **kwargs
) -> None:
    if not (created or raw) and (update_fields is None or SOURCES & set(update_fields)):
        keep(instance)


def _part_saved(instance: TestedPerson | Shipment, raw: bool, **kwargs) -> None:
    if not raw:
        keep(instance.order)


def _ways_to_dial(phone: PhoneNumber | str) -> list[str]:
    """Return the figures with the country's prefix and as they are dialled within it, and the extension."""
    if not isinstance(phone, PhoneNumber) or not phone.is_valid():
        return [figures(str(phone or ""))]
    extension = [f"x{phone.extension} ext {phone.extension}"] if phone.extension else []
    subscriber = PhoneNumber(country_code=phone.country_code, national_number=phone.national_number)
    return [figures(phone.as_e164), figures(subscriber.as_national), *extension]


def _compact(text: str) -> str:
    """Return a code in lower case, without spaces and dashes."""
    return clean_code(text).lower()


def _sought(typed: str) -> list[str]:
    """Return the words to look for. Figures alone are one number, whatever stands between them."""
    if not _LETTER.search(typed):
        number = figures(_TRUNK_ZERO.sub("", typed))
        return [number.removeprefix("00")] if number else []
    words = list(dict.fromkeys(filter(None, (word.strip("+.") for word in folded(typed).split()))))
    named = [word for word in words if word not in LABELS]
    if len(named) < len(words) and named and not any(_LETTER.search(word) for word in named):
        return _sought(" ".join(named))
    return (named or words)[:MAX_WORDS]


def _receipt_number(word: str) -> str:
    """Return the receipt's number, 2026-000123, that ten figures may be."""
    figure = _RECEIPT.fullmatch(word)
    return f"{figure[1]}-{figure[2]}" if figure else ""
