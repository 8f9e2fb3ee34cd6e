"""Where the rooms keep what they know of an order's people, for erasing and for handing out."""

from django.db.models import Q

from cms.typed.text import clean_email
from shop.cases.models import Case
from shop.checkout.models import LinkRequest
from shop.mail.models import OutboxMail
from shop.orders.models import HoldKind, Order
from shop.payments.models import Dispute, DisputeState, Refund, WebhookEvent
from shop.references import STRIPE_OBJECTS, ReferenceKind, build_reference


def orders_of(email: str):
    """Return the orders of an e-mail address, however it was typed.

    Raise ValueError for an empty one, which erased orders have.
    """
    if not clean_email(email):
        raise ValueError("an e-mail address is needed")
    return Order.objects.filter(email__iexact=clean_email(email)).order_by("created_at", "pk")


def other_mails_of(email: str):
    """Return the mails to an e-mail address besides those about its own orders, whatever they are about.

    A mail that was sent again to a corrected address is one: the order keeps the wrong address.
    """
    own = [order.reference for order in orders_of(email)]
    return OutboxMail.objects.filter(recipient__iexact=clean_email(email)).exclude(reference__in=own)


def link_requests_of(email: str):
    """Return requests for an order's link under an e-mail address that no worker has answered yet."""
    return LinkRequest.objects.filter(email__iexact=clean_email(email)).order_by("created_at")


def mails_of(order: Order):
    """Return the mails about the order."""
    return OutboxMail.objects.filter(reference=order.reference)


def cases_of(order: Order):
    """Return the cases about the order, one of its mails, or Stripe's events about its payments.

    A case about an event says in its data what the event was about, which is kept longer than the event.
    """
    mails = [build_reference(ReferenceKind.MAIL, pk) for pk in mails_of(order).values_list("pk", flat=True)]
    events = dict(events_of(order).values_list("pk", "object_id"))
    names = {*_names_at_stripe(order), *filter(None, events.values())}
    named = [build_reference(kind, name) for kind in STRIPE_OBJECTS for name in names]
    references = [
        order.reference,
        *mails,
        *(build_reference(ReferenceKind.EVENT, pk) for pk in events),
        *named,
    ]
    return Case.objects.filter(
        Q(reference__in=references) | Q(data__object__in=names) | Q(data__charge__in=names)
    )


def refunds_of(order: Order):
    """Return what was given back of the order's payments, or tried to."""
    return Refund.objects.filter(payment__order=order)


def disputes_of(order: Order):
    """Return the disputes about the order's payments."""
    intents = order.payments.exclude(payment_intent_id=None).values("payment_intent_id")
    # One that came before its payment was known is not tied to it.
    return Dispute.objects.filter(Q(payment__order=order) | Q(payment=None, payment_intent_id__in=intents))


def events_of(order: Order):
    """Return the Stripe events about the order, one of its payments, or what happened to them later."""
    names = _names_at_stripe(order)
    return WebhookEvent.objects.filter(
        Q(payload__metadata__order=order.code)
        | Q(object_id__in=names)
        | Q(payload__object__payment_intent__in=names)
    )


def final_holds_of(order: Order):
    """Return the holds of a finished order: all was refunded, or the bank has taken the money for good.

    They keep standing, so that nothing is dispatched; nobody needs the address for them any more.
    """
    lost = disputes_of(order).filter(state=DisputeState.LOST).values_list("provider_id", flat=True)
    occasions = [occasion for name in lost for occasion in (name, f"{name}-inquiry")]
    return order.holds.standing().filter(
        Q(kind=HoldKind.REFUNDED) | Q(kind=HoldKind.DISPUTE, occasion__in=occasions)
    )


def _names_at_stripe(order: Order) -> set[str]:
    """Return what Stripe calls the order's payments, and their refunds, disputes and fraud warnings."""
    names = {name for ids in order.payments.values_list("session_id", "payment_intent_id") for name in ids}
    names.update(refunds_of(order).values_list("provider_id", flat=True))
    names.update(disputes_of(order).values_list("provider_id", flat=True))
    warnings = order.holds.filter(kind=HoldKind.FRAUD_WARNING)
    names.update(warnings.values_list("occasion", flat=True))
    return {name for name in names if name}
