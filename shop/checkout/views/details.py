"""The one page of questions between the basket and the payment."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_countries import countries

from cms.core.public_forms import public_form
from cms.limits.counting import LimitReached
from cms.limits.responses import with_retry_after
from shop.checkout import baskets
from shop.checkout.access.confirmation import remember
from shop.checkout.details import DetailsForms, details_forms, order_to_continue
from shop.checkout.models import Basket
from shop.checkout.notices import PARAMETER, Notice, basket_address
from shop.checkout.people import with_one_more, without
from shop.checkout.placing import BasketChanged, PaidMeanwhile, order_for, withdraw
from shop.checkout.responses import HttpResponseSeeOther, personal, too_often
from shop.checkout.summary import BasketSummary, summarise
from shop.checkout.throttling import count_checkout
from shop.checkout.views.paying import begin_payment, refusal_reason
from shop.checkout.views.returning import put_basket_away
from shop.orders.models import Order
from shop.orders.placing import OrderDetails
from shop.orders.readiness import NOT_READY, is_ready
from shop.orders.refusals import DiscountChanged, DiscountRefused, OrderRefused
from shop.payments.gateway import EmailRefused, PaymentRefused, PaymentUnavailable
from shop.payments.staff_alerts import alert_staff_about_refusal


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
@personal(has_form=True)
def details(request: HttpRequest) -> HttpResponse:
    """Ask who buys, who is tested and where the kit goes; then place the order and go to payment."""
    basket = baskets.for_request(request)
    summary = summarise(basket)
    if basket is None or not summary.items:
        return HttpResponseSeeOther(basket_address("empty"))
    if summary.withdrawn:
        return HttpResponseSeeOther(basket_address("withdrawn"))
    if summary.has_mixed_currencies:
        return HttpResponseSeeOther(basket_address())
    if request.method == "POST" and request.POST.get("keep_what_is_left"):
        baskets.keep_what_is_left(basket, summary)
        return _look_again(request, basket, _changed(), if_empty="gone")
    if request.method != "POST":
        if not is_ready():
            return HttpResponseSeeOther(basket_address())
        if summary.short:
            return HttpResponseSeeOther(basket_address("sold_out"))
        return _page(request, summary, details_forms(summary, previous=order_to_continue(basket)))
    if changed := _typed_anew(request.POST):
        return _show_typed(request, summary, changed)
    return _submit(request, basket, summary)


def _typed_anew(data: QueryDict) -> QueryDict | None:
    """Return what was typed, with one person more or less if requested; None for a form that is sent."""
    if "add_person" in data:
        return with_one_more(data)
    if "remove_person" in data:
        return without(data, str(data["remove_person"]))
    return data if "change" in data else None


def _show_typed(request: HttpRequest, summary: BasketSummary, data: QueryDict) -> HttpResponse:
    """Return the page with what was typed, before any check; also with what changed in the basket."""
    forms = details_forms(summary, data).as_typed()
    if data.get("prices") != summary.prices:
        return _page(request, summary, forms, _changed(), status=409)
    return _page(request, summary, forms)


def _submit(request: HttpRequest, basket: Basket, summary: BasketSummary) -> HttpResponse:
    forms = details_forms(summary, request.POST)
    is_valid = forms.is_valid()
    if not is_ready():
        return _page(request, summary, forms, _not_ready(), status=409)
    if summary.short:
        return _page(request, summary, forms, _too_few(), status=409)
    if request.POST.get("prices") != summary.prices:
        if summary.discount_problem:
            return _without_code(request, basket, summary.discount_problem)
        return _page(request, summary, forms, _changed(), status=409)
    if not is_valid:
        return _page(request, summary, forms, status=422)
    order_details = forms.order_details()
    if summary.needs_review and not request.POST.get("reviewed"):
        return _review(request, summary, order_details)
    try:
        count_checkout(request, basket, order_details.email)
    except LimitReached as reached:
        return with_retry_after(_page(request, summary, forms, too_often(reached), status=429), reached)
    try:
        order = order_for(basket, order_details, summary.prices)
    except BasketChanged:
        # Another tab was faster: show what the basket holds now.
        return _look_again(request, basket, _changed())
    except PaidMeanwhile as paid:
        return HttpResponseSeeOther(paid.order.get_absolute_url())
    except OrderRefused as refusal:
        if isinstance(refusal, DiscountRefused) and not isinstance(refusal, DiscountChanged):
            # Else the same code would be refused again: only placing knows whose code it is.
            return _without_code(request, basket, str(refusal))
        return _look_again(request, basket, _refused(refusal))
    except PaymentUnavailable:
        return _page(request, summary, forms, _unavailable(), status=503)
    except PaymentRefused as refusal:
        # The session of the order that the basket has cannot be ended.
        return _cannot_be_paid(request, basket, forms, refusal, basket.order)
    return _to_payment(request, basket, forms, order)


def _to_payment(request: HttpRequest, basket: Basket, forms: DetailsForms, order: Order) -> HttpResponse:
    """Redirect to the payment page. What Stripe refuses for good is shown on this page and leaves no order.

    With nothing to pay, to the order's own page.
    """
    if not order.total_amount:
        accepted = HttpResponseSeeOther(f"{order.get_absolute_url()}?{PARAMETER}=accepted")
        remember(accepted, request, order)
        put_basket_away(request, accepted, order.pk)
        return accepted
    try:
        response = begin_payment(request, order, cancel_url=basket_address("unpaid"), shows_email=True)
    except PaymentRefused as refusal:
        return _taken_back(request, basket, forms, order, refusal)
    # Whoever has just typed all of it need not say again whose order it is.
    remember(response, request, order)
    return response


def _taken_back(
    request: HttpRequest, basket: Basket, forms: DetailsForms, order: Order, refusal: PaymentRefused
) -> HttpResponse:
    try:
        withdraw(order)
    except PaidMeanwhile:
        return HttpResponseSeeOther(order.get_absolute_url())
    except (PaymentUnavailable, PaymentRefused):
        # The order stays then, and staff must look at it.
        return _cannot_be_paid(request, basket, forms, refusal, order)
    if not isinstance(refusal, EmailRefused):
        return _cannot_be_paid(request, basket, forms, refusal, order)
    forms.contact.add_error(
        "email", _("Our payment provider does not take this address. Please check it, or use another one.")
    )
    return _page(request, summarise(basket), forms, status=422)


def _cannot_be_paid(
    request: HttpRequest, basket: Basket, forms: DetailsForms, refusal: PaymentRefused, order: Order | None
) -> HttpResponse:
    """Return the page with all that was typed, and alert staff."""
    if order:
        alert_staff_about_refusal(order, refusal_reason(refusal))
    notice = Notice(
        "warning",
        _(
            "Our payment provider refuses this payment, and another try now would change nothing. Nothing "
            "has been charged. Our staff have been told; please come back later, your basket is kept."
        ),
    )
    return _page(request, summarise(basket), forms, notice, status=409)


def _review(request: HttpRequest, summary: BasketSummary, order_details: OrderDetails) -> HttpResponse:
    """Say in words who takes what before anything is ordered. What was typed travels along, kept nowhere."""
    context = {
        "title": _("Please check who takes what"),
        "robots": "noindex",
        "summary": summary,
        "checks": [
            (item, [person for person in order_details.people if person.takes(item.package.pk)])
            for item in summary.sold
        ],
        "details": order_details,
        "country": countries.name(order_details.country),
        "typed": [(name, value) for name, values in request.POST.lists() for value in values],
    }
    return render(request, "checkout/review.html", context)


def _without_code(request: HttpRequest, basket: Basket, reason: str) -> HttpResponse:
    """Return the page without the discount code, whether it ended for all or for this customer only."""
    baskets.use_code(basket, "")
    return _look_again(request, basket, _no_discount(reason))


def _look_again(
    request: HttpRequest, basket: Basket, notice: Notice, if_empty: str = "empty"
) -> HttpResponse:
    """Return the page with what the basket holds now and all that was typed."""
    summary = summarise(basket)
    if summary.withdrawn or not summary.items:
        return HttpResponseSeeOther(basket_address("withdrawn" if summary.items else if_empty))
    return _page(request, summary, details_forms(summary, request.POST), notice, status=409)


def _page(
    request: HttpRequest,
    summary: BasketSummary,
    forms: DetailsForms,
    notice: Notice | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "title": _("Your details"),
        "robots": "noindex",
        "summary": summary,
        "forms": forms,
        "notice": notice,
    }
    return render(request, "checkout/details.html", context, status=status)


def _changed() -> Notice:
    return Notice(
        "warning",
        _(
            "Your basket or a price has changed since this page was opened. Nothing has been ordered. "
            "Please look at the summary; if you agree, continue once more."
        ),
    )


def _refused(refusal: OrderRefused) -> Notice:
    if isinstance(refusal, DiscountRefused):
        return _no_discount(str(refusal))
    return Notice("warning", str(refusal))


def _no_discount(reason: str) -> Notice:
    return Notice(
        "warning",
        _(
            "%(reason)s Nothing has been ordered. The summary shows what it costs now; if you agree, "
            "continue once more."
        )
        % {"reason": reason},
    )


def _not_ready() -> Notice:
    return Notice("warning", _("%(reason)s What you typed is kept on this page.") % {"reason": NOT_READY})


def _too_few() -> Notice:
    return Notice(
        "warning",
        _(
            "Somebody else was faster: not enough is left of what is marked in your order. Nothing has been "
            "ordered, and what you typed is kept."
        ),
    )


def _unavailable() -> Notice:
    return Notice(
        "warning",
        _("Our payment provider does not answer now. Nothing has been charged. Please try again soon."),
    )
