"""Answers that several views of the purchase give."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from cms.limits.counting import LimitReached
from cms.limits.responses import when_to_try_again, with_retry_after
from shop.checkout.notices import Notice
from shop.orders.models import Order


class HttpResponseSeeOther(HttpResponseRedirect):
    """After a form: fetch the next page anew, so that a reload sends nothing twice."""

    status_code = 303


def too_many(request: HttpRequest, reached: LimitReached, order: Order | None = None) -> HttpResponse:
    """A page that says when to try again; with a button to do so when it was about paying an order."""
    context = {
        "title": _("Please wait a little"),
        "robots": "noindex",
        "when": when_to_try_again(reached),
        "order": order,
    }
    return with_retry_after(render(request, "checkout/too_many.html", context, status=429), reached)


def too_often(reached: LimitReached) -> Notice:
    """The same in one sentence, above a form that keeps what was typed."""
    return Notice(
        "warning",
        _(
            "This was tried too often in a short time, so nothing was done. What you typed is still here. "
            "%(when)s"
        )
        % {"when": when_to_try_again(reached)},
    )
