"""Sends a buyer to the payment page."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shop.checkout.responses import HttpResponseSeeOther
from shop.orders.models import Order
from shop.payments.attempts import PaymentNotPossible, start_payment
from shop.payments.gateway import EmailRefused, PaymentRefused, PaymentUnavailable
from shop.payments.staff_alerts import alert_staff_about_refusal

SESSION_PLACEHOLDER = "{CHECKOUT_SESSION_ID}"


def begin_payment(request: HttpRequest, order: Order, *, cancel_url: str, shows_email: bool) -> HttpResponse:
    """Return a redirect to the payment page, or a page that says why not now. The order stands.

    `shows_email` says whether the payment page may show whose order it is. Raise PaymentRefused when no try
    will succeed, with EmailRefused where the buyer's address is the reason.
    """
    success_url = request.build_absolute_uri(f"{reverse('checkout:return')}?session_id=")
    try:
        payment = start_payment(
            order,
            success_url=f"{success_url}{SESSION_PLACEHOLDER}",
            cancel_url=request.build_absolute_uri(cancel_url),
            shows_email=shows_email,
        )
    except PaymentNotPossible:
        return HttpResponseSeeOther(order.get_absolute_url())
    except PaymentUnavailable:
        return _not_reached(request, order)
    if not urlsplit(payment.url).scheme:
        # Stripe finished the session between two clicks; the order's page tells how it stands.
        return HttpResponseSeeOther(order.get_absolute_url())
    return HttpResponseSeeOther(payment.url)


def pay_order(request: HttpRequest, order: Order, *, cancel_url: str, shows_email: bool) -> HttpResponse:
    """Do the same for an order that was placed before, with a page for what Stripe refuses; alert staff.

    Where the address is the reason, Stripe asks the payer for one.
    """
    try:
        try:
            return begin_payment(request, order, cancel_url=cancel_url, shows_email=shows_email)
        except EmailRefused:
            alert_staff_about_refusal(
                order, str(_("Stripe takes no such e-mail address. Mails may not arrive."))
            )
            return begin_payment(request, order, cancel_url=cancel_url, shows_email=False)
    except PaymentRefused as refusal:
        alert_staff_about_refusal(order, refusal_reason(refusal))
        return _refused(request, order)


def refusal_reason(refusal: PaymentRefused) -> str:
    """Return why staff must look, with Stripe's error code; its words may quote the buyer."""
    return _("Stripe refuses the payment (%(error)s).") % {"error": refusal}


def _not_reached(request: HttpRequest, order: Order) -> HttpResponse:
    response = render(
        request,
        "checkout/payment_unavailable.html",
        {"title": _("The payment page cannot be reached"), "robots": "noindex", "order": order},
        status=503,
    )
    response["Retry-After"] = "60"
    return response


def _refused(request: HttpRequest, order: Order) -> HttpResponse:
    context = {"title": _("This payment cannot be made"), "robots": "noindex", "order": order}
    return render(request, "checkout/payment_refused.html", context, status=409)
