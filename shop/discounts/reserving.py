"""Whether a code may be used, what it gives, and who uses it.

A code is quoted as often as somebody looks at a basket. It is claimed once, in the transaction that places
the order and under the code's lock, so that two buyers cannot both have the last use.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from cms.core.currencies import currency_of
from cms.core.money import format_money
from cms.typed.text import clean_word_code, email_key
from shop.discounts.amounts import discount_on, spread
from shop.discounts.models import DiscountCode, DiscountedPackage, DiscountUse, UseState
from shop.references import ReferenceKind, build_reference


class CodeRefused(Exception):
    """The code cannot be used; the text says why in words for the buyer."""


@dataclass(frozen=True)
class PricedLine:
    """A package with what its line costs before the discount, in minor units."""

    package_id: int
    amount: int


@dataclass(frozen=True)
class Quote:
    """What a code gives: one part for each line, in their order, in minor units."""

    code: DiscountCode
    parts: list[int]

    @property
    def amount(self) -> int:
        return sum(self.parts)


def quote(text: str, lines: Sequence[PricedLine], currency: str, *, own_reference: str = "") -> Quote:
    """Return what the code would give now. Nothing is reserved.

    The use of the order `own_reference` is not counted: it would be given back before another is reserved.
    Raise CodeRefused.
    """
    code = DiscountCode.objects.filter(code=clean_word_code(text)).first()
    return _quote(_usable(code, own_reference=own_reference), lines, currency)


def claim(text: str, lines: Sequence[PricedLine], currency: str, *, email: str) -> Quote:
    """Return what the code gives to this customer, with its row locked until the transaction ends.

    Whoever claims calls `reserve` in the same transaction. Raise CodeRefused.
    """
    code = DiscountCode.objects.select_for_update().filter(code=clean_word_code(text)).first()
    return _quote(_usable(code, email=email), lines, currency)


def reserve(claimed: Quote, *, order_reference: str, email: str) -> DiscountUse:
    """Keep the claimed use for this order."""
    return DiscountUse.objects.create(
        code=claimed.code, order_reference=order_reference, customer_key=customer_key(email)
    )


def confirm(order_reference: str) -> None:
    """Count the use of a paid order for good."""
    _reserved(order_reference).update(state=UseState.USED)


def give_back(order_reference: str) -> None:
    """Free the use of an order that will never be paid. Doing it again changes nothing."""
    _reserved(order_reference).update(state=UseState.GIVEN_BACK)


def take_back(order_reference: str) -> None:
    """Free the use of an order that ends although nothing was to be paid."""
    DiscountUse.objects.filter(order_reference=order_reference).update(state=UseState.GIVEN_BACK)


def forget_customer(order_reference: str) -> None:
    """Take the order and its customer out of its use; the use still counts against the code's total."""
    for use in DiscountUse.objects.filter(order_reference=order_reference):
        DiscountUse.objects.filter(pk=use.pk).update(
            order_reference=build_reference(ReferenceKind.ERASED, use.pk), customer_key=""
        )


def customer_key(email: str) -> str:
    """Return one customer's key, however the e-mail address was typed."""
    return salted_hmac("shop.discounts.customer", email_key(email), algorithm="sha256").hexdigest()


def _reserved(order_reference: str):
    return DiscountUse.objects.filter(order_reference=order_reference, state=UseState.RESERVED)


def _usable(code: DiscountCode | None, *, own_reference: str = "", email: str = "") -> DiscountCode:
    now = timezone.now()
    if code is None or not code.is_active or (code.valid_from and now < code.valid_from):
        # Whether a code exists is nobody's business before it is valid.
        raise CodeRefused(_("This code is not valid. Please check how it is written."))
    # Anybody can type somebody else's e-mail address: that this one has used the code must look like any
    # other end of a code. So all are asked, in the same steps, before one sentence answers.
    if any([_has_ended(code, now), _is_used_up(code, own_reference), _is_spent_by(code, email)]):
        raise CodeRefused(_("This code cannot be used any more."))
    return code


def _has_ended(code: DiscountCode, now: datetime) -> bool:
    return code.valid_until is not None and now >= code.valid_until


def _is_used_up(code: DiscountCode, own_reference: str) -> bool:
    if code.total_limit is None:
        return False
    return code.uses.standing().exclude(order_reference=own_reference).count() >= code.total_limit


def _is_spent_by(code: DiscountCode, email: str) -> bool:
    """Return whether the customer has used it as often as one may; False without an e-mail address."""
    if code.customer_limit is None or not email:
        return False
    return code.uses.standing().filter(customer_key=customer_key(email)).count() >= code.customer_limit


def _quote(code: DiscountCode, lines: Sequence[PricedLine], currency: str) -> Quote:
    if code.percentage is None and code.currency != currency:
        raise CodeRefused(_("This code is for another currency."))
    packages = set(DiscountedPackage.objects.filter(discount_code=code).values_list("package_id", flat=True))
    amounts = [line.amount if not packages or line.package_id in packages else 0 for line in lines]
    discount = discount_on(code, sum(amounts), currency)
    if not discount:
        raise CodeRefused(_("This code is not for the health checks in your basket."))
    smallest = currency_of(currency).smallest
    # Nothing at all need not be charged: such an order is placed without a payment.
    if 0 < sum(line.amount for line in lines) - discount < smallest:
        raise CodeRefused(
            _("With this code less than %(smallest)s would be left to pay, which we cannot charge.")
            % {"smallest": format_money(smallest, currency)}
        )
    return Quote(code, spread(discount, amounts, currency))
