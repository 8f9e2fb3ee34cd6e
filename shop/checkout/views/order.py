"""The customer's own page of an order, behind a link that cannot be guessed and a question whose it is."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.core.public_forms import public_form
from cms.limits.counting import LimitReached
from cms.limits.responses import with_retry_after
from shop.checkout.access.confirmation import is_confirmed, remember, remember_link
from shop.checkout.access.links import order_of_link
from shop.checkout.bought import bought_of
from shop.checkout.forms import CONFIRMATIONS, BirthConfirmationForm, ConfirmationForm, EmailConfirmationForm
from shop.checkout.notices import IN_FLIGHT, Notice, notice_of
from shop.checkout.progress import order_progress
from shop.checkout.responses import HttpResponseSeeOther, personal, too_many, too_often
from shop.checkout.throttling import count_confirmation, count_payment
from shop.checkout.views.paying import pay_order
from shop.orders.models import Order, OrderStatus
from shop.payments.ledger import returned_text
from shop.payments.order_states import customer_label, shown_state
from shop.receipts.documents import pdf_of

UNKNOWN_LINK = "checkout/order_unknown.html"


@require_safe
@personal(has_form=True, missing=UNKNOWN_LINK)
def show(request: HttpRequest, secret: str) -> HttpResponse:
    """Show where the order stands; what was bought and the rest once it is confirmed."""
    order = order_of_link(request, secret)
    if not is_confirmed(request, order):
        return _locked_page(request, order, notice_of(request))
    return render(
        request,
        "checkout/order.html",
        {
            **_standing(order),
            "returned": returned_text(order),
            "bought": bought_of(order),
            "notice": notice_of(request),
            "tax": order.tax_included,
            "receipts": order.receipts.defer("pdf", "data"),
        },
    )


@public_form
@require_POST
@personal(has_form=True, missing=UNKNOWN_LINK)
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the answer to the question whose order it is, and open the page to this browser."""
    order = order_of_link(request, secret)
    form = CONFIRMATIONS.get(request.POST.get("question", ""), EmailConfirmationForm)(request.POST)
    if form.is_valid():
        try:
            count_confirmation(request, order)
        except LimitReached as reached:
            page = _locked_page(request, order, too_often(reached), form, status=429)
            return with_retry_after(page, reached)
        if form.is_right_for(order):
            response = HttpResponseSeeOther(order.get_absolute_url())
            remember(response, request, order)
            return response
    return _locked_page(request, order, None, form, status=422)


@public_form
@require_POST
@personal(has_form=True, missing=UNKNOWN_LINK)
def pay(request: HttpRequest, secret: str) -> HttpResponse:
    """Begin a new attempt to pay the same order at the same price."""
    order = order_of_link(request, secret)
    try:
        count_payment(request, order)
    except LimitReached as reached:
        return too_many(request, reached, order)
    address = reverse("checkout:order", args=[order.secret])
    response = pay_order(
        request, order, cancel_url=f"{address}?notice=unpaid", shows_email=is_confirmed(request, order)
    )
    remember_link(response, request, order)
    return response


@require_safe
@personal(missing=UNKNOWN_LINK)
def receipt(request: HttpRequest, secret: str, number: str) -> HttpResponse:
    """Return one of the order's own receipts as a file; the question whose it is comes first."""
    order = order_of_link(request, secret)
    if not is_confirmed(request, order):
        return HttpResponseSeeOther(order.get_absolute_url())
    found = order.receipts.defer("pdf", "data").filter(number=number).first()
    if found is None:
        raise Http404
    return HttpResponse(
        pdf_of(found.pk),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{found.file_name}"'},
    )


def _standing(order: Order) -> dict:
    """Return what the page says about the order's way, with or without its details."""
    shipments = list(order.shipments.all())
    state = shown_state(order)
    is_unpaid = order.status == OrderStatus.AWAITING_PAYMENT
    states = set(order.payments.values_list("state", flat=True)) if is_unpaid else set()
    in_flight = next((notice for state, notice in IN_FLIGHT.items() if state in states), None)
    return {
        "title": _("Order %(code)s") % {"code": order.code},
        "robots": "noindex",
        "order": order,
        "state": customer_label(state, is_free=not order.total_amount),
        "progress": order_progress(order, shipments, state),
        "shipments": shipments,
        "can_pay": is_unpaid and in_flight is None,
        "in_flight": in_flight,
    }


def _locked_page(
    request: HttpRequest,
    order: Order,
    notice: Notice | None,
    answered: ConfirmationForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **_standing(order),
        "notice": notice,
        "answered": answered,
        "by_email": answered if isinstance(answered, EmailConfirmationForm) else EmailConfirmationForm(),
        "by_birth": answered if isinstance(answered, BirthConfirmationForm) else BirthConfirmationForm(),
    }
    return render(request, "checkout/order_locked.html", context, status=status)
