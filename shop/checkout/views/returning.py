"""Where a buyer lands after the payment page. It says what is true, and no more."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from shop.checkout import baskets, cookies
from shop.checkout.confirmation import holds_link, is_confirmed
from shop.checkout.privacy import personal
from shop.payments.gateway import PaymentRefused, PaymentUnavailable
from shop.payments.settlement import Outcome, Settlement, settle_session

LONGEST_SESSION_ID = 100
REFRESH_SECONDS = 5
MOST_REFRESHES = 12


@dataclass(frozen=True)
class Answer:
    """What the page says for one outcome."""

    kind: str  # of the notice
    title: str | Promise
    text: str | Promise
    can_pay: bool = False
    refreshes: bool = False
    status: int = 200


ANSWERS = {
    Outcome.PAID: Answer(
        "success",
        _("Thank you. Your payment has arrived."),
        _("We have sent you an e-mail and pack your kit next. You hear from us when it is on its way."),
    ),
    Outcome.PROCESSING: Answer(
        "info",
        _("Your payment is on its way."),
        _(
            "Your bank has taken the order but has not sent the money yet. That can take from a minute to "
            "a few days. We write to you as soon as it is here. Please do not pay again."
        ),
        refreshes=True,
    ),
    Outcome.OPEN: Answer(
        "info",
        _("You have not paid yet."),
        _("No money was taken. Your order is kept, and you can pay it now or later."),
        can_pay=True,
    ),
    Outcome.FAILED: Answer(
        "warning",
        _("The payment did not go through."),
        _("Your bank or card did not send the money. Your order is kept, and you can pay another way."),
        can_pay=True,
    ),
    Outcome.EXPIRED: Answer(
        "info",
        _("The time for this payment is over."),
        _("No money was taken. Your order is kept: you can start a new payment at the same price."),
        can_pay=True,
    ),
    Outcome.MISMATCH: Answer(
        "warning",
        _("We are looking at your payment by hand."),
        _(
            "The payment does not fit your order, so nothing was settled automatically. Our staff have been "
            "told and will write to you. Please do not pay again."
        ),
    ),
    Outcome.SET_ASIDE: Answer(
        "info",
        _("This payment was not used for your order."),
        _(
            "It did not fit what was ordered, so our staff took care of it. Your order is kept, and you can "
            "pay it again. Please write to us if money is missing."
        ),
        can_pay=True,
    ),
    Outcome.UNKNOWN: Answer(
        "warning",
        _("We cannot find this payment."),
        _("The address may be incomplete. The link in your order e-mail leads to your order."),
        status=404,
    ),
}
UNREACHABLE = Answer(
    "info",
    _("We cannot see yet whether you have paid."),
    _(
        "Our payment provider does not answer at the moment. If you have paid, nothing is lost: we ask again "
        "by ourselves and write to you. Please do not pay again."
    ),
    refreshes=True,
    status=503,
)


@require_safe
@personal()
def returning(request: HttpRequest) -> HttpResponse:
    """Asks Stripe how the payment stands, settles what can be settled, and says so."""
    session_id = request.GET.get("session_id", "")[:LONGEST_SESSION_ID]
    try:
        settlement = settle_session(session_id, "return_page") if session_id else Settlement(Outcome.UNKNOWN)
        if settlement.order and settlement.order.erased_at:
            settlement = Settlement(Outcome.UNKNOWN)
        answer = ANSWERS[settlement.outcome]
    except PaymentUnavailable:
        settlement, answer = Settlement(Outcome.UNKNOWN), UNREACHABLE
    except PaymentRefused:
        settlement, answer = Settlement(Outcome.UNKNOWN), ANSWERS[Outcome.UNKNOWN]
    response = render(
        request,
        "checkout/return.html",
        {
            "title": answer.title,
            "robots": "noindex",
            "answer": answer,
            "order": settlement.order,
            "is_confirmed": settlement.order is not None and is_confirmed(request, settlement.order),
            "holds_link": settlement.order is not None and holds_link(request, settlement.order),
            "refresh_seconds": REFRESH_SECONDS,
            "refresh_url": _next_look(request, session_id) if answer.refreshes else "",
        },
        status=answer.status,
    )
    if answer.can_pay:
        # The button to pay is a form, by whose referrer older browsers prove where it came from.
        response["Referrer-Policy"] = "same-origin"
    if settlement.outcome == Outcome.PAID and settlement.order:
        _put_basket_away(request, response, settlement.order.pk)
    return response


def _next_look(request: HttpRequest, session_id: str) -> str:
    """The address to look again by itself, or an empty text when that has been done often enough."""
    given = request.GET.get("look", "0")
    looks = int(given) if given.isascii() and given.isdecimal() and len(given) < 4 else MOST_REFRESHES
    if looks >= MOST_REFRESHES:
        return ""
    return f"{reverse('checkout:return')}?{urlencode({'session_id': session_id, 'look': looks + 1})}"


def _put_basket_away(request: HttpRequest, response: HttpResponse, order_id: int) -> None:
    """What was paid leaves the basket; what was added since stays."""
    basket, is_empty = baskets.take_out_what_was_bought(order_id)
    if basket and is_empty and basket.token == cookies.token_of(request):
        cookies.forget(response)
