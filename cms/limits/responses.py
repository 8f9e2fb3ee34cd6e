"""Parts of a response to somebody who has reached a limit."""

import math
from typing import TypeVar

from django.http import HttpResponseBase
from django.utils.translation import ngettext

from cms.limits.counting import LimitReached

Response = TypeVar("Response", bound=HttpResponseBase)


def with_retry_after(response: Response, reached: LimitReached) -> Response:
    """Return the response with the Retry-After header, in seconds."""
    response["Retry-After"] = str(reached.retry_after)
    return response


def when_to_try_again(reached: LimitReached) -> str:
    """Return a sentence that says when, in whole minutes, or in whole hours beyond 90 minutes."""
    minutes = math.ceil(reached.retry_after / 60)
    if minutes > 90:
        hours = math.ceil(minutes / 60)
        return ngettext(
            "Please try again in %(hours)s hour.", "Please try again in %(hours)s hours.", hours
        ) % {"hours": hours}
    return ngettext(
        "Please try again in %(minutes)s minute.", "Please try again in %(minutes)s minutes.", minutes
    ) % {"minutes": minutes}
