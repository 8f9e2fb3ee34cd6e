"""What the buttons of the basket's one form do. Each first keeps all that is typed: nothing is ignored.

A discount code travels in the form, never in an address.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cms.core.public_forms import public_form
from cms.limits.counting import LimitReached
from cms.limits.responses import with_retry_after
from cms.typed.text import clean_word_code
from shop.checkout import baskets
from shop.checkout.forms import DiscountCodeForm, QuantitiesForm
from shop.checkout.models import Basket
from shop.checkout.notices import basket_address
from shop.checkout.responses import HttpResponseSeeOther, personal, too_often
from shop.checkout.summary import quote_for, summarise
from shop.checkout.throttling import count_discount_code
from shop.checkout.views.basket import page
from shop.discounts.reserving import CodeRefused


@dataclass(frozen=True)
class Kept:
    """What came of what was typed: the notice for the next page, or the answer that says what is wrong."""

    notice: str = ""
    refusal: HttpResponse | None = None


@public_form
@require_POST
@personal(has_form=True)
def change(request: HttpRequest) -> HttpResponse:
    """Show the basket for as many people as were chosen."""
    kept = _keep(request, baskets.for_request(request))
    return kept.refusal or HttpResponseSeeOther(basket_address(kept.notice))


@public_form
@require_POST
@personal(has_form=True)
def go_on(request: HttpRequest) -> HttpResponse:
    """Redirect to the details page with what the basket's page says now."""
    basket = baskets.for_request(request)
    kept = _keep(request, basket, hint=_("To go on without a code, empty the field."))
    return kept.refusal or HttpResponseSeeOther(reverse("checkout:details"))


@public_form
@require_POST
@personal(has_form=True)
def use_code(request: HttpRequest) -> HttpResponse:
    """Take the code's discount off, or say beside the field why not; a code used before then stays."""
    kept = _keep(request, baskets.for_request(request), is_code_asked_for=True)
    return kept.refusal or HttpResponseSeeOther(basket_address(kept.notice))


@public_form
@require_POST
@personal(has_form=True)
def remove_code(request: HttpRequest) -> HttpResponse:
    """Take the code out again."""
    basket = baskets.for_request(request)
    if basket:
        baskets.use_code(basket, "")
        if refusal := _keep_quantities(request, basket).refusal:
            return refusal
    return HttpResponseSeeOther(basket_address("code_removed"))


@public_form
@require_POST
@personal(has_form=True)
def remove(request: HttpRequest) -> HttpResponse:
    """Remove one line."""
    basket, line_id = baskets.for_request(request), _line_id(request)
    if basket and line_id:
        baskets.remove(basket, line_id)
    return _keep(request, basket).refusal or HttpResponseSeeOther(basket_address("removed"))


@public_form
@require_POST
@personal(has_form=True)
def empty(request: HttpRequest) -> HttpResponse:
    """Remove every line."""
    if basket := baskets.for_request(request):
        baskets.empty(basket)
    return HttpResponseSeeOther(basket_address("emptied"))


def _keep(
    request: HttpRequest, basket: Basket | None, *, is_code_asked_for: bool = False, hint: str = ""
) -> Kept:
    """Take over the numbers of people, and the code in its field unless the basket has it already.

    `hint` is shown beside the field when the code is refused.
    """
    if basket is None:
        return Kept("empty")
    kept = _keep_quantities(request, basket)
    is_typed = clean_word_code(request.POST.get("code", "")) not in {"", basket.discount_code}
    if kept.refusal or not (is_typed or is_code_asked_for):
        return kept
    return _keep_code(request, basket, hint)


def _keep_quantities(request: HttpRequest, basket: Basket) -> Kept:
    form = QuantitiesForm(request.POST, line_ids=basket.lines.values_list("pk", flat=True))
    if not form.is_valid():
        return Kept(refusal=HttpResponseSeeOther(basket_address("quantity")))
    return Kept("changed" if baskets.change_quantities(basket, form.typed()) else "")


def _keep_code(request: HttpRequest, basket: Basket, hint: str) -> Kept:
    summary = summarise(basket)
    if not summary.sold:
        return Kept("empty")
    form = DiscountCodeForm(request.POST)
    reached = None
    if form.is_valid():
        try:
            count_discount_code(request)
            quote_for(basket, form.cleaned_data["code"], summary.items)
        except LimitReached as error:
            reached = error
            form.add_error("code", str(too_often(reached).text))
        except CodeRefused as refusal:
            form.add_error("code", str(refusal))
    if form.is_valid():
        baskets.use_code(basket, form.cleaned_data["code"])
        return Kept("code_used")
    if hint:
        form.add_error("code", hint)
    response = page(request, summary, form, status=429 if reached else 422)
    return Kept(refusal=with_retry_after(response, reached) if reached else response)


def _line_id(request: HttpRequest) -> int | None:
    value = request.POST.get("line", "")
    is_number = value.isascii() and value.isdecimal() and len(value) <= 12
    return int(value) if is_number else None
