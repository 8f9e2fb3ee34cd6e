"""Sends a buyer to the payment page."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shop.checkout.responses import HttpResponseSeeOther
from shop.orders.models import Order
from shop.payments.attempts import PaymentNotPossible, start_payment
from shop.payments.gateway import PaymentRefused, PaymentUnavailable

SESSION_PLACEHOLDER = "{CHECKOUT_SESSION_ID}"


def send_to_payment(
    request: HttpRequest, order: Order, *, cancel_url: str, names_buyer: bool
) -> HttpResponse:
    """A redirect to the payment page, or a page that says why not and how to go on. The order stands.

    `names_buyer` says whether the payment page may show whose order it is.
    """
    success_url = request.build_absolute_uri(f"{reverse('checkout:return')}?session_id=")
    try:
        payment = start_payment(
            order,
            success_url=f"{success_url}{SESSION_PLACEHOLDER}",
            cancel_url=request.build_absolute_uri(cancel_url),
            names_buyer=names_buyer,
        )
    except PaymentNotPossible:
        return HttpResponseSeeOther(order.get_absolute_url())
    except (PaymentUnavailable, PaymentRefused):
        return _not_reached(request, order)
    if not urlsplit(payment.url).scheme:
        # Stripe finished the session between two clicks; the order's page tells how it stands.
        return HttpResponseSeeOther(order.get_absolute_url())
    return HttpResponseSeeOther(payment.url)


def _not_reached(request: HttpRequest, order: Order) -> HttpResponse:
    response = render(
        request,
        "checkout/payment_unavailable.html",
        {"title": _("The payment page cannot be reached"), "robots": "noindex", "order": order},
        status=503,
    )
    response["Retry-After"] = "60"
    return response
