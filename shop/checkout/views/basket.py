"""Return the basket's page, and what puts something into it. What its own buttons do is in `editing`."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.core.navigation import address_of
from cms.core.public_forms import public_form
from cms.limits.counting import LimitReached
from shop.attribution.origin import origin_page_id
from shop.catalogue.models import Package, PackageIndexPage
from shop.checkout import baskets
from shop.checkout.forms import DiscountCodeForm, QuantityForm
from shop.checkout.notices import basket_address, notice_of
from shop.checkout.responses import HttpResponseSeeOther, personal, too_many
from shop.checkout.summary import BasketSummary, summarise
from shop.checkout.summary import count as count_of
from shop.checkout.throttling import count_new_basket
from shop.orders.readiness import is_ready


@require_safe
@personal(has_form=True, is_listed=True)
def show(request: HttpRequest) -> HttpResponse:
    """Show what lies in the basket, with everything that stands between it and an order."""
    basket = baskets.for_request(request)
    summary = summarise(basket)
    response = page(request, summary, code_form=DiscountCodeForm.showing(summary))
    if basket and summary.items:
        baskets.remember_basket(response, basket, request)
    elif baskets.token_of(request):
        baskets.forget_basket(response)
    return response


def page(
    request: HttpRequest, summary: BasketSummary, code_form: DiscountCodeForm, status: int = 200
) -> HttpResponse:
    """Return the basket's page with a form for a discount code."""
    context = {
        "title": _("Your basket"),
        "description": _("The health checks that you put aside, and how to order them without an account."),
        "summary": summary,
        "is_open": is_ready(),
        "code_form": code_form,
        "notice": notice_of(request),
        "health_checks_url": _health_checks_url(request),
        "quantities": range(1, settings.MAX_QUANTITY + 1),
    }
    return render(request, "checkout/basket.html", context, status=status)


@public_form
@require_POST
@personal(has_form=True)
def add(request: HttpRequest) -> HttpResponse:
    """Put a package into the basket; the page that offered it is remembered."""
    package = Package.objects.with_sale().filter(sku=request.POST.get("package", "")).first()
    if package is None or not package.is_sold or package.is_sold_out:
        return _not_sold(request, package)
    form = QuantityForm({"quantity": request.POST.get("quantity", "1")})
    if not form.is_valid():
        return HttpResponseSeeOther(basket_address("quantity"))
    basket = baskets.for_request(request)
    if basket is None:
        try:
            count_new_basket(request)
        except LimitReached as reached:
            return too_many(request, reached)
    basket, outcome = baskets.add(basket, package, form.cleaned_data["quantity"], origin_page_id(request))
    response = HttpResponseSeeOther(basket_address(outcome.value))
    baskets.remember_basket(response, basket, request)
    return response


@require_safe
@personal()
def count(request: HttpRequest) -> JsonResponse:
    """Return how many health checks the basket holds, for the header of a page that is cached for all."""
    return JsonResponse({"count": count_of(baskets.for_request(request))})


def _health_checks_url(request: HttpRequest) -> str:
    return address_of(request, PackageIndexPage._meta.model_name)


def _not_sold(request: HttpRequest, package: Package | None) -> HttpResponse:
    is_sold_out = bool(package and package.is_sold and package.is_sold_out)
    return render(
        request,
        "checkout/not_sold.html",
        {
            "title": _("This health check is sold out")
            if is_sold_out
            else _("We do not sell this health check"),
            "robots": "noindex",
            "package": package,
            "is_sold_out": is_sold_out,
            "health_checks_url": _health_checks_url(request),
        },
        status=409 if is_sold_out else 410 if package else 404,
    )
