"""Where the rooms keep what they know of an order's people, for erasing and for handing out."""

from django.db.models import Q

from shop.cases.models import Case
from shop.mail.models import OutboxMail
from shop.orders.models import HoldKind, Order
from shop.payments.models import Dispute, DisputeState, Refund, WebhookEvent


def orders_of(email: str):
    """The orders of an e-mail address, in any letter case.

    Raises ValueError for an empty one, which erased orders have.
    """
    if not email.strip():
        raise ValueError("an e-mail address is needed")
    return Order.objects.filter(email__iexact=email.strip()).order_by("created_at", "pk")


def other_mails_of(email: str):
    """The mails to an e-mail address that are about no order. Those about an order belong to its buyer."""
    return OutboxMail.objects.filter(recipient__iexact=email.strip()).exclude(reference__startswith="order:")


def mails_of(order: Order):
    """The mails about the order."""
    return OutboxMail.objects.filter(reference=order.reference)


def cases_of(order: Order):
    """The cases about the order or about one of its mails."""
    mails = [f"mail:{pk}" for pk in mails_of(order).values_list("pk", flat=True)]
    return Case.objects.filter(reference__in=[order.reference, *mails])


def refunds_of(order: Order):
    """What was given back of the order's payments, or tried to."""
    return Refund.objects.filter(payment__order=order)


def events_of(order: Order):
    """The Stripe events about the order, one of its payments or a refund of them."""
    ids = {
        name
        for payment in order.payments.all()
        for name in (payment.session_id, payment.payment_intent_id)
        if name
    }
    ids.update(refunds_of(order).exclude(provider_id=None).values_list("provider_id", flat=True))
    return WebhookEvent.objects.filter(
        Q(payload__metadata__order=order.code)
        | Q(object_id__in=ids)
        | Q(payload__object__payment_intent__in=ids)
    )


def disputes_of(order: Order):
    """What the payers of the order's payments complained about to their banks."""
    return Dispute.objects.filter(payment__order=order)


def final_holds_of(order: Order):
    """Holds with which the order is finished: all was given back, or the bank has taken the money for good.

    They keep standing, so that nothing is dispatched; nobody needs the address for them any more.
    """
    lost = disputes_of(order).filter(state=DisputeState.LOST).values_list("provider_id", flat=True)
    occasions = [occasion for name in lost for occasion in (name, f"{name}-inquiry")]
    return order.holds.standing().filter(
        Q(kind=HoldKind.REFUNDED) | Q(kind=HoldKind.DISPUTE, occasion__in=occasions)
    )
