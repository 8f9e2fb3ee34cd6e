"""Answers that several views of the purchase give."""

import math

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.limits.counting import LimitReached
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


def with_retry_after(response: HttpResponse, reached: LimitReached) -> HttpResponse:
    """The answer with the time to wait, in seconds, for machines."""
    response["Retry-After"] = str(reached.retry_after)
    return response


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


def when_to_try_again(reached: LimitReached) -> str:
    """A sentence in whole minutes."""
    minutes = math.ceil(reached.retry_after / 60)
    if minutes > 90:
        hours = math.ceil(minutes / 60)
        return ngettext(
            "Please try again in %(hours)s hour.", "Please try again in %(hours)s hours.", hours
        ) % {"hours": hours}
    return ngettext(
        "Please try again in %(minutes)s minute.", "Please try again in %(minutes)s minutes.", minutes
    ) % {"minutes": minutes}
