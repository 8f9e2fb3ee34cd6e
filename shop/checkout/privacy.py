"""Headers of pages that belong to one person: what they bought can tell what they suffer from."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


def personal(*, has_form: bool = False) -> Callable[[View], View]:
    """Keeps a view's answer out of every cache, index and referrer of another site.

    A page with a form sends a referrer to this site, by which older browsers prove where the form came from.
    """
    referrer_policy = "same-origin" if has_form else "no-referrer"

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
            response = view(request, *args, **kwargs)
            response["Cache-Control"] = "no-store, private"
            response["X-Robots-Tag"] = "noindex"
            response.setdefault("Referrer-Policy", referrer_policy)
            return response

        return guarded

    return decorate
