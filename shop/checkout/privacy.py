"""Headers of pages that belong to one person: what they bought can tell what they suffer from."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from cms.limits.counting import LimitReached
from shop.checkout.responses import too_many

View = Callable[..., HttpResponseBase]


def personal(
    *, has_form: bool = False, is_listed: bool = False, missing: str = "404.html"
) -> Callable[[View], View]:
    """Keeps a view's answer out of every cache, index and referrer of another site.

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
