"""Makes an order from what a buyer entered.

Prices and contents come from the catalogue's rows, read again inside the transaction, and are copied into the
order: what the catalogue does later changes nothing. The browser's prices are never used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from cms.core.calendar import site_today
from cms.core.currencies import currency_of
from cms.core.money import format_money
from shop.catalogue import stock
from shop.catalogue.models import Package, PackageBiomarker
from shop.catalogue.tax import add_tax
from shop.discounts import reserving
from shop.discounts.reserving import PricedLine, Quote
from shop.orders import mails, readiness, search, timeline, transitions
from shop.orders.codes import new_code, new_secret
from shop.orders.models import Actor, Consent, Kit, Order, OrderLine, TestedPerson
from shop.orders.people import PersonDetails, check_people
from shop.orders.refusals import (
    ConsentMissing,
    DiscountChanged,
    DiscountRefused,
    EmptyOrder,
    MixedCurrencies,
    PackageUnavailable,
    PriceChanged,
    QuantityOutOfBounds,
    ShopNotReady,
    SoldOut,
    TooExpensive,
)
from shop.orders.timeline import TimelineKind

CODE_ATTEMPTS = 5


@dataclass(frozen=True)
class OrderDetails:
    """Who buys, where the parcel goes, who is tested, and what was agreed to."""

    email: str
    buyer_name: str
    recipient_name: str
    address_line_1: str
    city: str
    postal_code: str
    country: str
    people: Sequence[PersonDetails]
    consent_text_ids: Sequence[int]
    phone: str = ""
    address_line_2: str = ""
    region: str = ""


@dataclass(frozen=True)
class LineRequest:
    """One package for `quantity` people.

    `expected_amount` is the unit price in minor units that the buyer was shown; None takes any price.
    """

    package: Package
    quantity: int
    origin_page_id: int | None = None
    expected_amount: int | None = None


@dataclass(frozen=True)
class DiscountRequest:
    """A code that the buyer entered.

    `expected_amount` is the discount in minor units that the buyer was shown; None takes any.
    """

    code: str
    expected_amount: int | None = None


@dataclass(frozen=True)
class _PricedLine:
    """A line as the catalogue has it now."""

    package: Package
    request: LineRequest = field(repr=False)

    @property
    def amount(self) -> int:
        return self.package.price_amount * self.request.quantity


@transaction.atomic
def place_order(
    details: OrderDetails,
    lines: Sequence[LineRequest],
    discount: DiscountRequest | None = None,
    *,
    basket_key: int | None = None,
) -> Order:
    """Create an order with its lines, people, kits, consents, timeline and first mail.

    It awaits payment; where nothing is to be paid it is accepted at once.

    The discount code's use and limited stock are reserved with it. `basket_key` says which basket it comes
    from: one that has an unpaid order already gives IntegrityError. Raise a kind of OrderRefused, with
    nothing written.
    """
    priced = _price(lines)
    check_people(details.people, {line.package: line.request.quantity for line in priced}, timezone.now())
    found = _found_ready()
    _check_consents(details.consent_text_ids, found.consent_kinds)
    # From here rows are locked, in the order of shop.orders.locks.
    quote = _claim(discount, priced, details.email) if discount else None
    taken = _take_from_stock(priced)
    order = _create_order(details, priced, quote, basket_key)
    if quote:
        reserving.reserve(quote, order_reference=order.reference, email=details.email)
    if taken:
        stock.reserve(order.reference, taken)
    snapshots = _snapshots(order, priced, quote)
    add_tax(snapshots, details.country, found.tax_rates, order.currency)
    order_lines = OrderLine.objects.bulk_create(snapshots)
    people = TestedPerson.objects.bulk_create(
        TestedPerson(
            order=order,
            position=position,
            name=person.name,
            date_of_birth=person.date_of_birth,
            sex_at_birth=person.sex_at_birth,
        )
        for position, person in enumerate(details.people, start=1)
    )
    Kit.objects.bulk_create(
        Kit(line=line, person=person)
        for line in order_lines
        for person, details_of_person in zip(people, details.people, strict=True)
        if details_of_person.takes(line.package_id)
    )
    Consent.objects.bulk_create(Consent(order=order, text_id=pk) for pk in set(details.consent_text_ids))
    timeline.record(
        order,
        TimelineKind.PLACED,
        Actor.BUYER,
        data={"amount": order.total_amount, "currency": order.currency},
    )
    if not order.total_amount:
        return transitions.apply(order.pk, transitions.Action.ACCEPT_FREE, actor=Actor.BUYER)
    mails.order_received(order)
    return order


def _price(lines: Sequence[LineRequest]) -> list[_PricedLine]:
    if not lines:
        raise EmptyOrder(_("The basket is empty."))
    ids = [line.package.pk for line in lines]
    if len(set(ids)) < len(ids):
        raise QuantityOutOfBounds(_("A package stands in the basket twice."))
    contents = Prefetch("contents", PackageBiomarker.objects.select_related("biomarker"))
    packages = Package.objects.sold().prefetch_related(contents).in_bulk(ids)
    priced = []
    for line in lines:
        package = packages.get(line.package.pk)
        if package is None:
            raise PackageUnavailable(_("“%(name)s” is no longer sold.") % {"name": line.package.name})
        _check_line(line, package)
        priced.append(_PricedLine(package, line))
    if len({line.package.currency for line in priced}) > 1:
        raise MixedCurrencies(_("These packages cannot be paid together."))
    largest = currency_of(priced[0].package.currency).largest
    if sum(line.amount for line in priced) > largest:
        raise TooExpensive(
            _("At most %(money)s can be paid at once. Please make two orders of it.")
            % {"money": format_money(largest, priced[0].package.currency)}
        )
    return priced


def _check_line(line: LineRequest, package: Package) -> None:
    if not 1 <= line.quantity <= settings.MAX_QUANTITY:
        raise QuantityOutOfBounds(
            _("Please order “%(name)s” for 1 to %(maximum)s people.")
            % {"name": package.name, "maximum": settings.MAX_QUANTITY}
        )
    shown = (line.expected_amount, line.package.currency)
    if line.expected_amount is not None and shown != (package.price_amount, package.currency):
        raise PriceChanged(
            _("“%(name)s” was %(old)s and is now %(new)s.")
            % {
                "name": package.name,
                "old": format_money(line.expected_amount, line.package.currency),
                "new": package.price,
            }
        )


def _claim(discount: DiscountRequest, lines: Sequence[_PricedLine], email: str) -> Quote:
    currency = lines[0].package.currency
    try:
        quote = reserving.claim(
            discount.code, [PricedLine(line.package.pk, line.amount) for line in lines], currency, email=email
        )
    except reserving.CodeRefused as refusal:
        raise DiscountRefused(str(refusal)) from refusal
    if discount.expected_amount not in (None, quote.amount):
        raise DiscountChanged(
            _("The discount was %(old)s and is now %(new)s.")
            % {
                "old": format_money(discount.expected_amount, currency),
                "new": format_money(quote.amount, currency),
            }
        )
    return quote


def _take_from_stock(lines: Sequence[_PricedLine]) -> dict[int, int]:
    limited = {
        line.package.pk: line.request.quantity for line in lines if line.package.stock_quantity is not None
    }
    if not limited:
        return {}
    try:
        return stock.take(limited)
    except stock.OutOfStock as refusal:
        raise SoldOut(_sold_out(refusal)) from refusal


def _sold_out(refusal: stock.OutOfStock) -> str:
    if not refusal.left:
        return _("“%(name)s” is sold out.") % {"name": refusal.package.name}
    return ngettext(
        "Only %(left)s of “%(name)s” is left.", "Only %(left)s of “%(name)s” are left.", refusal.left
    ) % {"left": refusal.left, "name": refusal.package.name}


def _found_ready() -> readiness.Found:
    found = readiness.look(site_today())
    if readiness.missing_of(found):
        raise ShopNotReady(str(readiness.NOT_READY))
    return found


def _check_consents(consent_text_ids: Sequence[int], kinds: Mapping[int, str]) -> None:
    given = {kinds.get(pk) for pk in consent_text_ids}
    # An older version counts: the buyer agreed to what the page showed when they opened it.
    if None in given or given != set(kinds.values()):
        raise ConsentMissing(_("Please confirm each of the statements."))


def _create_order(
    details: OrderDetails, lines: Sequence[_PricedLine], quote: Quote | None, basket_key: int | None
) -> Order:
    discount_amount = quote.amount if quote else 0
    attempts_left = CODE_ATTEMPTS
    while True:
        order = Order(
            code=new_code(),
            secret=new_secret(),
            basket_key=basket_key,
            email=details.email,
            buyer_name=details.buyer_name,
            phone=details.phone,
            recipient_name=details.recipient_name,
            address_line_1=details.address_line_1,
            address_line_2=details.address_line_2,
            city=details.city,
            region=details.region,
            postal_code=details.postal_code,
            country=details.country,
            currency=lines[0].package.currency,
            discount_code=quote.code.code if quote else "",
            discount_amount=discount_amount,
            total_amount=sum(line.amount for line in lines) - discount_amount,
        )
        order.search_text = search.text_of(order, [person.name for person in details.people], ())
        attempts_left -= 1
        try:
            with transaction.atomic():
                order.save(force_insert=True)
        except IntegrityError:
            if not attempts_left or not Order.objects.filter(code=order.code).exists():
                raise
        else:
            return order


def _snapshots(order: Order, lines: Sequence[_PricedLine], quote: Quote | None) -> list[OrderLine]:
    parts = quote.parts if quote else [0] * len(lines)
    wanted = {line.request.origin_page_id for line in lines} - {None}
    # A page may have been deleted since the reader followed its offer.
    origins = set(Page.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    return [
        OrderLine(
            order=order,
            package=line.package,
            sku=line.package.sku,
            name=line.package.name,
            contents=_contents(line.package),
            unit_amount=line.package.price_amount,
            quantity=line.request.quantity,
            discount_amount=part,
            origin_page_id=line.request.origin_page_id if line.request.origin_page_id in origins else None,
        )
        for line, part in zip(lines, parts, strict=True)
    ]


def _contents(package: Package) -> list[dict[str, str]]:
    biomarkers = [content.biomarker for content in package.contents.all()]
    return [
        {"key": marker.key, "name": marker.name, "loinc": marker.loinc, "ucum": marker.ucum}
        for marker in biomarkers
    ]
