"""Where a buyer lands after the payment page. It says what is true, and no more."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from shop.checkout import baskets
from shop.checkout.access.confirmation import holds_link, is_confirmed
from shop.checkout.bought import bought_of
from shop.checkout.payment_results import REFUSED, UNREACHABLE, result_of
from shop.checkout.responses import personal
from shop.checkout.views.paying import refusal_reason
from shop.orders.models import OrderStatus
from shop.payments.gateway import PaymentRefused, PaymentUnavailable
from shop.payments.models import Cause, Payment
from shop.payments.settling.sessions import Outcome, Settlement, settle_session
from shop.payments.staff_alerts import alert_staff_about_refusal

MAX_SESSION_ID_LENGTH = 100
REFRESH_SECONDS = 5
MAX_REFRESHES = 12
BOUGHT = frozenset({OrderStatus.PAID, OrderStatus.DISPATCHED})


@require_safe
@personal()
def returning(request: HttpRequest) -> HttpResponse:
    """Ask Stripe how the payment stands, settle what can be settled, and say so."""
    session_id = request.GET.get("session_id", "")[:MAX_SESSION_ID_LENGTH]
    try:
        settlement = (
            settle_session(session_id, Cause.RETURN_PAGE) if session_id else Settlement(Outcome.UNKNOWN)
        )
        if settlement.order and settlement.order.erased_at:
            settlement = Settlement(Outcome.UNKNOWN)
        result = result_of(settlement, session_id)
    except PaymentUnavailable:
        settlement, result = Settlement(Outcome.UNKNOWN), UNREACHABLE
    except PaymentRefused as refusal:
        settlement, result = Settlement(Outcome.UNKNOWN), REFUSED
        _alert_staff(session_id, refusal)
    is_theirs = settlement.order is not None and is_confirmed(request, settlement.order)
    response = render(
        request,
        "checkout/return.html",
        {
            "title": result.title,
            "robots": "noindex",
            "result": result,
            "order": settlement.order,
            "is_confirmed": is_theirs,
            "bought": bought_of(settlement.order) if settlement.order and is_theirs else None,
            "holds_link": settlement.order is not None and holds_link(request, settlement.order),
            "refresh_seconds": REFRESH_SECONDS,
            "refresh_url": _next_look(request, session_id) if result.refreshes else "",
        },
        status=result.status,
    )
    if result.can_pay:
        # The button to pay is a form, by whose referrer older browsers prove where it came from.
        response["Referrer-Policy"] = "same-origin"
    if settlement.order and settlement.order.status in BOUGHT:
        put_basket_away(request, response, settlement.order.pk)
    return response


def _alert_staff(session_id: str, refusal: PaymentRefused) -> None:
    payment = Payment.objects.filter(session_id=session_id).select_related("order").first()
    if payment:
        alert_staff_about_refusal(payment.order, refusal_reason(refusal))


def _next_look(request: HttpRequest, session_id: str) -> str:
    """Return the address to look again by itself, or an empty text when that has been done often enough."""
    given = request.GET.get("look", "0")
    looks = int(given) if given.isascii() and given.isdecimal() and len(given) < 4 else MAX_REFRESHES
    if looks >= MAX_REFRESHES:
        return ""
    return f"{reverse('checkout:return')}?{urlencode({'session_id': session_id, 'look': looks + 1})}"


def put_basket_away(request: HttpRequest, response: HttpResponse, order_id: int) -> None:
    """Take what was paid out of the basket; what was added since stays."""
    basket, is_empty = baskets.take_out_what_was_bought(order_id)
    if basket and is_empty and basket.token == baskets.token_of(request):
        baskets.forget_basket(response)
