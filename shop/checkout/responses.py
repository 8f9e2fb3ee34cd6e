"""Answers that several views of the purchase give."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from cms.limits.counting import LimitReached
from cms.limits.responses import when_to_try_again, with_retry_after
from shop.checkout.notices import Notice
from shop.orders.models import Order

View = Callable[..., HttpResponseBase]


class HttpResponseSeeOther(HttpResponseRedirect):
    """After a form: fetch the next page anew, so that a reload sends nothing twice."""

    status_code = 303


def too_many(request: HttpRequest, reached: LimitReached, order: Order | None = None) -> HttpResponse:
    """Return a page that says when to try again; with a button to do so when it was about paying an order."""
    context = {
        "title": _("Please wait a little"),
        "robots": "noindex",
        "when": when_to_try_again(reached),
        "order": order,
    }
    return with_retry_after(render(request, "checkout/too_many.html", context, status=429), reached)


def too_often(reached: LimitReached) -> Notice:
    """Return the same in one sentence, above a form that keeps what was typed."""
    return Notice(
        "warning",
        _(
            "This was tried too often in a short time, so nothing was done. What you typed is still here. "
            "%(when)s"
        )
        % {"when": when_to_try_again(reached)},
    )


def personal(
    *, has_form: bool = False, is_listed: bool = False, missing: str = "404.html"
) -> Callable[[View], View]:
    """Keep a view's answer out of every cache, index and referrer of another site.

    A page that shows a crawler nothing of anybody's, as the basket does, may be listed.
    A page with a form sends a referrer to this site, by which older browsers prove where the form came from.
    `missing` is the template for what is not there. What was tried too often is answered with a 429.
    """
    referrer_policy = "same-origin" if has_form else "no-referrer"

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
            try:
                response = view(request, *args, **kwargs)
            except Http404:
                # Answered here, so that a wrong link is as private as a right one.
                response = render(request, missing, {"robots": "noindex"}, status=404)
            except LimitReached as reached:
                response = too_many(request, reached)
            response["Cache-Control"] = "no-store, private"
            if not is_listed or response.status_code != 200:
                response["X-Robots-Tag"] = "noindex"
            response.setdefault("Referrer-Policy", referrer_policy)
            return response

        return guarded

    return decorate
