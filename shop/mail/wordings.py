"""The shipped wording of each kind of mail, and what an edited one may say in its place.

No placeholder names a package, a biomarker or a result: what somebody buys can tell what they suffer from.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shop.mail.placeholders import Placeholder, Text


@dataclass(frozen=True)
class Wording:
    """The words of one kind of mail; layout, details and the button's address stay in the templates.

    `before` stands above the details and the button, `after` below; an empty line begins a paragraph.
    `details` are rows of a label and a placeholder's name, left out where the value is empty.
    """

    title: Text
    placeholders: tuple[Placeholder, ...]
    subject: Text
    heading: Text
    before: Text
    button: Text = ""
    after: Text = ""
    button_address: str = "order_url"
    details: tuple[tuple[Text, str], ...] = ()
    for_staff: bool = False
    # Values that are made from others of the context, such as a sentence for each of two cases.
    derived: Mapping[str, Callable[[Mapping], Text]] | None = None

    def values(self, context: Mapping) -> dict[str, str]:
        """Return each placeholder's value as a string; a value that the context lacks is empty."""
        derived = self.derived or {}
        return {
            placeholder.name: str(
                derived[placeholder.name](context)
                if placeholder.name in derived
                else context.get(placeholder.name, "")
            )
            for placeholder in self.placeholders
        }

    def examples(self) -> dict[str, str]:
        """Return an example value for each placeholder, none of them a customer's."""
        return {placeholder.name: str(placeholder.example) for placeholder in self.placeholders}


def example_address() -> str:
    """Return an address for the button of an example."""
    return f"{settings.PUBLIC_BASE_URL}/"


def _what_happened(context: Mapping) -> Text:
    if context.get("has_failed"):
        return _("Your bank or card did not send the money.")
    return _("The time for your payment is over, and no money was taken.")


def _what_left(context: Mapping) -> Text:
    kits, void = context.get("kits", 1), context.get("void_kits", 0)
    left = ngettext(
        "Your kit left us today in a plain parcel.", "%(count)d kits left us today in a plain parcel.", kits
    )
    if not void:
        return left % {"count": kits}
    missing = ngettext(
        "%(count)d kit of your order is not in it, because its money goes back to you.",
        "%(count)d kits of your order are not in it, because their money goes back to you.",
        void,
    )
    return f"{left % {'count': kits}} {missing % {'count': void}}"


def _what_remains(context: Mapping) -> Text:
    kits, void = context.get("kits", 0), context.get("void_kits", 0)
    if not void:
        return ""
    if not kits:
        return _("No kit of this order will be sent.")
    return ngettext(
        "Your order keeps %(kits)d of its %(all)d kits; your order page shows which.",
        "Your order keeps %(kits)d of its %(all)d kits; your order page shows which.",
        kits,
    ) % {"kits": kits, "all": kits + void}


ORDER_CODE = Placeholder("order_code", _("The order's code"), "K7QM4XPR")
BUYER_NAME = Placeholder("buyer_name", _("The buyer's name, as given with the order"), _("Alex Example"))
TOTAL = Placeholder("total", _("What the whole order costs"), "$129.00")
AMOUNT = Placeholder("amount", _("How much money goes back"), "$49.00")
CARRIER = Placeholder("carrier", _("Who carries the parcel"), "DHL")
TRACKING_NUMBER = Placeholder("tracking_number", _("The parcel's number at the carrier"), "JD014600006")
REASON = Placeholder("reason", _("Why it needs a person"), _("No order with this code"))
OBJECT_ID = Placeholder("object_id", _("Stripe's name for the payment"), "cs_test_example")
WHAT_HAPPENED = Placeholder(
    "what_happened",
    _("Why the order is not paid: the bank refused, or the time is over"),
    _("Your bank or card did not send the money."),
)
WHAT_LEFT = Placeholder(
    "what_left",
    _("How many kits are in the parcel, and how many are not because their money goes back"),
    _("Your kit left us today in a plain parcel."),
)
WHAT_REMAINS = Placeholder(
    "what_remains",
    _("How many kits the order keeps after a refund; empty when it keeps all"),
    _("Your order keeps 1 of its 2 kits; your order page shows which."),
)

DAY = Placeholder("day", _("The day"), _("25 November 2026"))
WAITING = Placeholder(
    "waiting",
    _("How much of what waits, a line each"),
    _("Money to return: 1; oldest 2 days\n3 paid orders to dispatch"),
)

ORDER_DETAILS = ((_("Order"), "order_code"), (_("Total"), "total"))

WORDINGS: dict[str, Wording] = {
    "order_received": Wording(
        title=_("Order received"),
        placeholders=(ORDER_CODE, BUYER_NAME, TOTAL),
        subject=_("We have your order {order_code}"),
        heading=_("We have your order"),
        before=_(
            "Hello {buyer_name},\n\n"
            "Thank you. Your order is kept. As soon as your payment has arrived, you get a second mail and "
            "we pack it.\n\n"
            "What you ordered, and for whom, stands on your order page. If you left before paying, you can "
            "pay there. The price stays as you saw it."
        ),
        button=_("Open my order"),
        details=ORDER_DETAILS,
    ),
    "order_paid": Wording(
        title=_("Payment received"),
        placeholders=(ORDER_CODE, BUYER_NAME, TOTAL),
        subject=_("Payment received for order {order_code}"),
        heading=_("Your payment has arrived"),
        before=_(
            "Hello {buyer_name},\n\n"
            "We have received {total} for your order. We now pack it and write to you again with a "
            "tracking number when it leaves.\n\n"
            "Your receipt is attached to this mail, and stays on your order page. The page also shows where "
            "everything stands. How to prepare is said on the page of your health check."
        ),
        button=_("Open my order"),
        after=_("A kit is not for an emergency. If you feel seriously ill, call your emergency number."),
        details=ORDER_DETAILS,
    ),
    "order_accepted": Wording(
        title=_("Order accepted, nothing to pay"),
        placeholders=(ORDER_CODE, BUYER_NAME, TOTAL),
        subject=_("We have your order {order_code}"),
        heading=_("We have your order"),
        before=_(
            "Hello {buyer_name},\n\n"
            "Thank you. Your discount code covers all of it, so nothing is left to settle. We now pack "
            "your order and write to you again with a tracking number when it leaves."
        ),
        button=_("Open my order"),
        after=_("A kit is not for an emergency. If you feel seriously ill, call your emergency number."),
        details=ORDER_DETAILS,
    ),
    "payment_retry": Wording(
        title=_("Payment failed or ran out"),
        placeholders=(ORDER_CODE, BUYER_NAME, TOTAL, WHAT_HAPPENED),
        subject=_("Your order {order_code} is not paid yet"),
        heading=_("Your order is not paid yet"),
        before=_(
            "Hello {buyer_name},\n\n"
            "{what_happened} Your order is kept. You can try again from your order page, at the same price."
        ),
        button=_("Pay from my order page"),
        after=_("If you have changed your mind, do nothing: an order that is not paid ends by itself."),
        details=ORDER_DETAILS,
        derived={"what_happened": _what_happened},
    ),
    "order_dispatched": Wording(
        title=_("Parcel sent"),
        placeholders=(ORDER_CODE, BUYER_NAME, CARRIER, TRACKING_NUMBER, WHAT_LEFT),
        subject=_("Your order {order_code} is on its way"),
        heading=_("Your parcel is on its way"),
        before=_(
            "Hello {buyer_name},\n\n"
            "{what_left}\n\n"
            "Please read the leaflet in the parcel before you take the sample: the time of day and what you "
            "ate can change a result."
        ),
        button=_("Open my order"),
        details=(
            (_("Order"), "order_code"),
            (_("Carrier"), "carrier"),
            (_("Tracking number"), "tracking_number"),
        ),
        derived={"what_left": _what_left},
    ),
    "order_refunded": Wording(
        title=_("Money sent back"),
        placeholders=(ORDER_CODE, BUYER_NAME, AMOUNT, WHAT_REMAINS),
        subject=_("Refund for order {order_code}"),
        heading=_("Your refund is on its way"),
        before=_(
            "Hello {buyer_name},\n\n"
            "We have sent {amount} back to the account or card that you paid with. Your bank may need 5 to "
            "10 working days to show it.\n\n"
            "{what_remains}"
        ),
        button=_("Open my order"),
        details=((_("Order"), "order_code"), (_("Sent back"), "amount")),
        derived={"what_remains": _what_remains},
    ),
    "order_link": Wording(
        title=_("Link to the order"),
        placeholders=(ORDER_CODE, BUYER_NAME),
        subject=_("The link to your order {order_code}"),
        heading=_("The link to your order"),
        before=_(
            "Hello {buyer_name},\n\n"
            "This link opens the page of your order {order_code}. Please use only this one from now on: an "
            "older link may have stopped working."
        ),
        button=_("Go to my order page"),
        after=_(
            "The page asks for your e-mail address or a date of birth before it shows more. If you did not "
            "ask for this mail, you need do nothing."
        ),
    ),
    "new_order": Wording(
        title=_("New paid order, to the staff"),
        placeholders=(ORDER_CODE, TOTAL),
        subject=_("New paid order {order_code}"),
        heading=_("A new order is paid"),
        before=_("It waits for dispatch."),
        button=_("Open the order in the admin"),
        button_address="admin_url",
        details=ORDER_DETAILS,
        for_staff=True,
    ),
    "payment_attention": Wording(
        title=_("A payment needs a person, to the staff"),
        placeholders=(REASON, ORDER_CODE, OBJECT_ID),
        subject=_("A payment needs a person"),
        heading=_("A payment needs a person"),
        before=_("{reason}"),
        button=_("Open it in the admin"),
        button_address="admin_url",
        details=((_("Order"), "order_code"), (_("Stripe's name for it"), "object_id")),
        for_staff=True,
    ),
    "staff_digest": Wording(
        title=_("What waits, to the staff once a day"),
        placeholders=(DAY, WAITING),
        subject=_("What waits on {day}"),
        heading=_("What waits on {day}"),
        before=_("{waiting}"),
        button=_("Open the admin"),
        button_address="admin_url",
        after=_("You get this mail once on a day on which something waits."),
        for_staff=True,
    ),
}
