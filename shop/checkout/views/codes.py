"""What the basket's buttons for a discount code do. The code travels in a form, never in an address."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from cms.core.public_forms import public_form
from cms.limits.counting import LimitReached
from shop.checkout import baskets
from shop.checkout.forms import DiscountCodeForm
from shop.checkout.notices import basket_address
from shop.checkout.privacy import personal
from shop.checkout.responses import HttpResponseSeeOther, too_often, with_retry_after
from shop.checkout.summary import quote_for, summarise
from shop.checkout.tries import count_discount_code
from shop.checkout.views.basket import page
from shop.discounts.reserving import CodeRefused


@public_form
@require_POST
@personal(has_form=True)
def use(request: HttpRequest) -> HttpResponse:
    """Takes the code's discount off, or says beside the field why not; a code used before then stays."""
    basket = baskets.for_request(request)
    summary = summarise(basket)
    if basket is None or not summary.sold:
        return HttpResponseSeeOther(basket_address("empty"))
    form = DiscountCodeForm(request.POST)
    if form.is_valid():
        try:
            count_discount_code(request)
            quote_for(basket, form.cleaned_data["code"], summary.items)
        except LimitReached as reached:
            form.add_error("code", str(too_often(reached).text))
            return with_retry_after(page(request, summary, form, status=429), reached)
        except CodeRefused as refusal:
            form.add_error("code", str(refusal))
    if not form.is_valid():
        return page(request, summary, form, status=422)
    baskets.use_code(basket, form.cleaned_data["code"])
    return HttpResponseSeeOther(basket_address("code_used"))


@public_form
@require_POST
@personal(has_form=True)
def remove(request: HttpRequest) -> HttpResponse:
    """Takes the code out again."""
    if basket := baskets.for_request(request):
        baskets.use_code(basket, "")
    return HttpResponseSeeOther(basket_address("code_removed"))
