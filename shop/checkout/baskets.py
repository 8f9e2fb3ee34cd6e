"""What a reader can do with a basket, and the cookies by which their browser finds it again."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from enum import Enum

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse

from cms.typed.text import clean_word_code
from shop.catalogue.models import Package
from shop.checkout.models import Basket
from shop.checkout.summary import BasketSummary
from shop.orders.models import OrderLine, OrderStatus

# A secret token, and a mark that the page's script may read: whether it is worth asking for the count.
BASKET_COOKIE = "basket"
MARKER_COOKIE = "basket_marker"
MAX_TOKEN_LENGTH = 64
TOKEN_BYTES = 24  # 192 bits
UNPAID_OR_CANCELLED = (OrderStatus.AWAITING_PAYMENT, OrderStatus.CANCELLED)


class Added(Enum):
    """What putting a package into a basket came to."""

    NEW = "added"
    RAISED = "raised"
    LIMITED = "limited"


def for_request(request: HttpRequest) -> Basket | None:
    """Return the browser's basket, without what has been paid for since; None when there is none."""
    token = token_of(request)
    if not token:
        return None
    basket = Basket.objects.filter(token=token).select_related("order").first()
    if basket and basket.order and basket.order.status not in UNPAID_OR_CANCELLED:
        basket, _is_empty = take_out_what_was_bought(basket.order.pk)
    return basket


def add(
    basket: Basket | None, package: Package, quantity: int, origin_page_id: int | None
) -> tuple[Basket, Added]:
    """Put a package into the basket, or into a new one; the same package again raises its quantity.

    The reader has just seen today's price, so an older one is forgotten.
    """
    with transaction.atomic():
        locked = _locked(basket)
        basket = locked or Basket.objects.create(token=secrets.token_urlsafe(TOKEN_BYTES))
        line = basket.lines.filter(package=package).first() if locked else None
        if line is None:
            basket.lines.create(
                package=package,
                quantity=quantity,
                seen_amount=package.price_amount,
                seen_currency=package.currency,
                origin_page_id=origin_page_id,
            )
            return basket, Added.NEW
        wanted = line.quantity + quantity
        line.quantity = min(wanted, settings.MAX_QUANTITY)
        line.seen_amount, line.seen_currency = package.price_amount, package.currency
        line.origin_page_id = line.origin_page_id or origin_page_id
        line.save(update_fields=["quantity", "seen_amount", "seen_currency", "origin_page"])
    return basket, Added.RAISED if wanted == line.quantity else Added.LIMITED


def change_quantities(basket: Basket, quantities: Mapping[int, int]) -> bool:
    """Set for how many people each line is; return whether any changed. A line that is gone stays gone."""
    with transaction.atomic():
        _locked(basket)
        changed = [
            basket.lines.filter(pk=line_id).exclude(quantity=quantity).update(quantity=quantity)
            for line_id, quantity in quantities.items()
        ]
    return any(changed)


def remove(basket: Basket, line_id: int) -> None:
    """Remove one line."""
    with transaction.atomic():
        _locked(basket)
        basket.lines.filter(pk=line_id).delete()


def empty(basket: Basket) -> None:
    """Remove every line."""
    with transaction.atomic():
        _locked(basket)
        basket.lines.all().delete()
        Basket.objects.filter(pk=basket.pk).update(discount_code="")


def use_code(basket: Basket, code: str) -> None:
    """Keep the discount code that the reader typed; an empty text takes it out."""
    with transaction.atomic():
        locked = _locked(basket)
        if locked:
            locked.discount_code = clean_word_code(code)
            locked.save(update_fields=["discount_code"])
    basket.discount_code = clean_word_code(code)


def keep_what_is_left(basket: Basket, summary: BasketSummary) -> None:
    """Lower each line to what its package's stock still has, and take out what is sold out."""
    with transaction.atomic():
        _locked(basket)
        for item in summary.short:
            # Another tab may have lowered it further since the summary was made.
            line = basket.lines.filter(pk=item.pk, quantity__gt=item.left)
            if item.left:
                line.update(quantity=item.left)
            else:
                line.delete()


def take_out_what_was_bought(order_id: int) -> tuple[Basket | None, bool]:
    """Leave in the order's basket only what was added after ordering; return it, and whether it is empty.

    None when no basket belongs to the order (any more).
    """
    with transaction.atomic():
        basket = Basket.objects.select_for_update().filter(order_id=order_id).first()
        if basket is None:
            return None, True
        ordered = OrderLine.objects.filter(order_id=order_id, package_id=OuterRef("package_id"))
        is_empty = True
        for line in basket.lines.annotate(bought=Subquery(ordered.values("quantity")[:1])):
            line.quantity -= min(line.quantity, line.bought or 0)
            if line.quantity:
                is_empty = False
                line.save(update_fields=["quantity"])
            else:
                line.delete()
        basket.order = None
        basket.discount_code = ""
        basket.save(update_fields=["order", "discount_code", "updated_at"])
    return basket, is_empty


def _locked(basket: Basket | None) -> Basket | None:
    """Return the basket's row, locked and marked as used just now."""
    if basket is None:
        return None
    locked = Basket.objects.select_for_update().filter(pk=basket.pk).first()
    if locked:
        locked.save(update_fields=["updated_at"])
    return locked


def token_of(request: HttpRequest) -> str:
    """Return the basket's token that the browser sent, or an empty text."""
    return request.COOKIES.get(BASKET_COOKIE, "")[:MAX_TOKEN_LENGTH]


def remember_basket(response: HttpResponse, basket: Basket, request: HttpRequest) -> None:
    """Set the cookies by which the browser finds this basket again for settings.BASKET_DAYS."""
    lifetime = timedelta(days=settings.BASKET_DAYS)
    for name, value, is_hidden in ((BASKET_COOKIE, basket.token, True), (MARKER_COOKIE, "1", False)):
        response.set_cookie(
            name, value, max_age=lifetime, httponly=is_hidden, secure=request.is_secure(), samesite="Lax"
        )


def forget_basket(response: HttpResponse) -> None:
    """Delete the cookies that remember_basket sets."""
    for name in (BASKET_COOKIE, MARKER_COOKIE):
        response.delete_cookie(name, samesite="Lax")
