"""One sentence on the next page about what just happened.

It travels as a name in the address: no session is opened for it, and it says nothing about what is bought.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shop.payments.models import PaymentState

PARAMETER = "notice"


@dataclass(frozen=True)
class Notice:
    kind: str
    text: str | Promise


NOTICES = {
    "added": Notice("success", _("The health check is in your basket.")),
    "raised": Notice("success", _("It was in your basket already: it is now for more people.")),
    "limited": Notice(
        "info",
        _("A health check can be ordered for at most %(most)s people at a time, so there are %(most)s now.")
        % {"most": settings.MAX_QUANTITY},
    ),
    "changed": Notice("success", _("The number of people has been changed.")),
    "removed": Notice("info", _("The health check has been removed.")),
    "emptied": Notice("info", _("Your basket has been emptied.")),
    "quantity": Notice(
        "warning",
        _("Choose between 1 and %(most)s people. The basket has not been changed.")
        % {"most": settings.MAX_QUANTITY},
    ),
    "empty": Notice("info", _("There is nothing in your basket yet, so there is nothing to check out.")),
    "withdrawn": Notice(
        "warning", _("One health check is no longer sold. Please remove it, then you can go on.")
    ),
    "link_asked": Notice(
        "info",
        _(
            "If there is an order with this code and this e-mail address, its link is on its way to that "
            "address. It can take a few minutes; please look among unwanted mail too."
        ),
    ),
    "sold_out": Notice(
        "warning",
        _("There is not enough left of one health check. It is marked below; please change it to go on."),
    ),
    "gone": Notice("info", _("What you had chosen is sold out, so your basket is empty now.")),
    "code_used": Notice("success", _("The discount is taken off. You see it above the total.")),
    "code_removed": Notice("info", _("The discount code has been removed.")),
    "accepted": Notice(
        "success",
        _("Thank you. Your order is placed, and your code covers all of it. We pack it next."),
    ),
    "unpaid": Notice(
        "info",
        _("You have not paid, and no money was taken. Nothing is lost: you can go on whenever you like."),
    ),
}
# Why an unpaid order cannot be paid now, by its payment's state.
IN_FLIGHT = {
    PaymentState.PROCESSING: Notice(
        "info",
        _("Your payment is on its way; please do not pay again. We write to you as soon as it has arrived."),
    ),
    PaymentState.MISMATCHED: Notice(
        "warning",
        _("We are looking at your payment by hand and will write to you. Please do not pay again."),
    ),
}


def notice_of(request: HttpRequest) -> Notice | None:
    """Return the notice that the address asks for; an unknown name gives none."""
    return NOTICES.get(request.GET.get(PARAMETER, ""))


def basket_address(notice: str = "") -> str:
    """Return the basket's address, with a notice."""
    address = reverse("checkout:basket")
    return f"{address}?{urlencode({PARAMETER: notice})}" if notice else address
