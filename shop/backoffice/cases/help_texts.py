"""What a case's screen says besides its reason: what to do about it, and the ids that it holds."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shop.cases.models import Case, CaseKind
from shop.payments.settling.mismatches import is_about_payment

HELP_TEXTS: dict[CaseKind, str | Promise] = {
    CaseKind.MONEY_TO_RETURN: _(
        "Nobody ordered anything for this money. The button sends all of it back and tells the customer."
    ),
    CaseKind.PAYMENT_MISMATCH: _(
        "Nothing was settled, and the customer cannot pay again meanwhile. Return the money in Stripe's "
        "dashboard: when all of it is back, this case ends by itself and the order can be paid. Ending it by "
        "hand lets the order be paid too."
    ),
    CaseKind.UNKNOWN_PAYMENT: _(
        "Stripe tells of money that belongs to no order here. Look it up in Stripe's dashboard: it may be "
        "another shop's on the same account, or must be returned there."
    ),
    CaseKind.REFUND_FAILED: _(
        "The customer has not got the money. Give it back again on the order's screen, or ask the customer "
        "for another way."
    ),
    CaseKind.DISPUTE: _(
        "The order is held. Give your evidence in Stripe's dashboard before the time is over, or accept the "
        "dispute there. What the bank decides appears here by itself."
    ),
    CaseKind.FRAUD_WARNING: _(
        "The order is held. Look at it on its screen: let it go, or give the money back before a dispute "
        "follows."
    ),
    CaseKind.UNDELIVERABLE_MAIL: _(
        "The mail's screen says what the mail server answered, and sends it to another address. Ask the "
        "customer for one if there is a telephone number."
    ),
    CaseKind.LATE_ORDER: _(
        "It is paid and nothing holds it back. Dispatch it, or tell the customer why it takes longer."
    ),
    CaseKind.PAYMENT_REFUSED: _(
        "Stripe takes no payment for this order as it stands, and trying again changes nothing. Look up the "
        "error in the logs of Stripe's dashboard, mend its cause, and write to the customer. This ends by "
        "itself when the order is paid or cancelled."
    ),
    CaseKind.BOOKS: _(
        "The audit of the night found it. This ends by itself in the night after it adds up again; an "
        "administrator sees at once by `manage.py audit_books`, which names all that it finds now."
    ),
    CaseKind.FAILED_EVENT: _(
        "Stripe sends it again for three days, and it is tried again by itself. Its screen says why it "
        "failed; handle it again when the cause is gone."
    ),
}
# About a single event or refund, where no payment stands in the way.
COMPARE_BY_HAND = _(
    "Nothing was changed here. Compare the order with Stripe's dashboard and end this by hand."
)
STRIPE_ID_LABELS: dict[str, str | Promise] = {
    "dispute": _("Dispute"),
    "refund": _("Refund"),
    "warning": _("Warning"),
    "event": _("Event"),
    "kind": _("Kind of event"),
    "object": _("About"),
}


def help_text_for(case: Case) -> str:
    """Return what a person can do about it, in a sentence or two."""
    if case.kind == CaseKind.PAYMENT_MISMATCH and not is_about_payment(case):
        return str(COMPARE_BY_HAND)
    help_text = str(HELP_TEXTS[CaseKind(case.kind)])
    if remedy := case.data.get("remedy"):
        return gettext("%(help_text)s How it is mended: %(remedy)s.") % {
            "help_text": help_text,
            "remedy": remedy,
        }
    return help_text


def stripe_ids(case: Case) -> dict[str, str]:
    """Return Stripe's ids of the things that the case is about, by their labels."""
    return {
        str(label): case.data[name]
        for name, label in STRIPE_ID_LABELS.items()
        if isinstance(case.data.get(name), str)
    }
