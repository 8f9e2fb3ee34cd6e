"""The shop's books against Stripe's lists of a stretch of time.

The lists are asked for before the books are read, outside any transaction. What is younger than the stretch
may still be under way on one side.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shop.audit.rules import Finding, Rule, order_of
from shop.payments import gateway
from shop.payments.gateway import CheckoutSession, StripeDispute, StripeRefund
from shop.payments.models import KEPT_APART, Payment, PaymentState
from shop.payments.models.disputes import Dispute
from shop.payments.models.refunds import Refund

# Stripe's clock and ours; a session is made a moment after its payment's row.
CLOCK_MARGIN = timedelta(minutes=10)
CHUNK = 500


@dataclass
class Lists:
    """What Stripe says of what was made from `since` to `until`."""

    since: datetime
    until: datetime
    sessions: dict[str, CheckoutSession] = field(default_factory=dict)  # the paid ones, by id
    refunds: dict[str, StripeRefund] = field(default_factory=dict)
    disputes: dict[str, StripeDispute] = field(default_factory=dict)


def ask(since: datetime, until: datetime) -> Lists:
    """Fetch Stripe's lists. Raise gateway.PaymentUnavailable."""
    lists = Lists(since, until)
    lists.sessions = {each.id: each for each in gateway.list_sessions(since) if each.payment_status == "paid"}
    lists.refunds = {each.id: each for each in gateway.list_refunds(since)}
    lists.disputes = {each.id: each for each in gateway.list_disputes(since)}
    return lists


RECONCILE = "run `manage.py reconcile_payments --since DAY`; look up what is left in Stripe's dashboard"


def rules_for(lists: Lists) -> tuple[Rule, ...]:
    """Return the rules that compare with these lists."""
    return (
        Rule(
            "stripe-payments",
            _("Stripe and the shop differ about a payment"),
            RECONCILE,
            lambda now: _payments(lists),
        ),
        Rule(
            "stripe-refunds",
            _("Stripe and the shop differ about a refund"),
            RECONCILE,
            lambda now: _refunds(lists),
        ),
        Rule(
            "stripe-disputes",
            _("Stripe and the shop differ about a dispute"),
            RECONCILE,
            lambda now: _disputes(lists),
        ),
    )


def _payments(lists: Lists) -> Iterator[Finding]:
    for chunk in _chunks(list(lists.sessions)):
        ours = {row.session_id: row for row in _of(Payment.objects, session_id__in=chunk)}
        for session_id in chunk:
            session, payment = lists.sessions[session_id], ours.get(session_id)
            if payment is None:
                if session.payment_id:  # another shop's sessions on the same account name no payment of ours
                    yield Finding(
                        order_of(session.client_reference_id),
                        f"session {session_id} is paid and not in the ledger",
                    )
            elif payment.state in KEPT_APART or payment.created_at > lists.until:
                continue
            elif payment.state != PaymentState.SUCCEEDED:
                yield Finding(
                    order_of(payment.order.code),
                    f"payment {payment.pk} is paid at Stripe, {payment.state} here",
                )
            elif session.client_reference_id != payment.order.code:
                yield Finding(
                    order_of(payment.order.code),
                    f"payment {payment.pk} is for order {session.client_reference_id} at Stripe",
                )
            elif (session.amount, session.currency) != (payment.amount, payment.currency):
                yield Finding(
                    order_of(payment.order.code),
                    f"payment {payment.pk} is {payment.amount} {payment.currency}, at Stripe "
                    f"{session.amount} {session.currency}",
                )
    window = (lists.since + CLOCK_MARGIN, lists.until)
    for payment in _of(Payment.objects, state=PaymentState.SUCCEEDED, created_at__range=window).iterator(
        CHUNK
    ):
        if payment.session_id not in lists.sessions:
            yield Finding(
                order_of(payment.order.code), f"payment {payment.pk} is paid here and not at Stripe"
            )


def _refunds(lists: Lists) -> Iterator[Finding]:
    for chunk in _chunks(list(lists.refunds)):
        ours = {row.provider_id: row for row in _of(Refund.objects, provider_id__in=chunk)}
        known = _known_intents(lists.refunds[refund_id].payment_intent_id for refund_id in chunk)
        for refund_id in chunk:
            stripe_refund, refund = lists.refunds[refund_id], ours.get(refund_id)
            if refund is None and stripe_refund.payment_intent_id in known:
                yield Finding(
                    order_of(known[stripe_refund.payment_intent_id]),
                    f"refund {refund_id} is not in the ledger",
                )
            elif refund and (stripe_refund.status, stripe_refund.amount) != (refund.state, refund.amount):
                yield Finding(
                    order_of(refund.payment.order.code),
                    f"refund {refund.pk} is {refund.amount}, {refund.state}, "
                    f"at Stripe {stripe_refund.amount}, {stripe_refund.status}",
                )
    window = (lists.since + CLOCK_MARGIN, lists.until)
    rows = _of(Refund.objects.exclude(provider_id=None), created_at__range=window)
    for refund in rows.iterator(CHUNK):
        if refund.provider_id not in lists.refunds:
            yield Finding(order_of(refund.payment.order.code), f"refund {refund.pk} is not at Stripe")


def _disputes(lists: Lists) -> Iterator[Finding]:
    ours = {row.provider_id: row for row in Dispute.objects.filter(provider_id__in=lists.disputes)}
    known = _known_intents(each.payment_intent_id for each in lists.disputes.values())
    for dispute_id, stripe_dispute in lists.disputes.items():
        dispute = ours.get(dispute_id)
        if stripe_dispute.created > lists.until:
            continue
        if dispute is None and stripe_dispute.payment_intent_id in known:
            yield Finding(
                order_of(known[stripe_dispute.payment_intent_id]),
                f"dispute {dispute_id} is not in the ledger",
            )
        elif dispute and (stripe_dispute.status, stripe_dispute.amount) != (dispute.state, dispute.amount):
            yield Finding(
                f"dispute {dispute_id}",
                f"{dispute.amount}, {dispute.state}, "
                f"at Stripe {stripe_dispute.amount}, {stripe_dispute.status}",
            )


def _known_intents(intents: Iterator[str]) -> dict[str, str]:
    """Return the payments among them that are ours, with their orders' codes."""
    rows = Payment.objects.filter(payment_intent_id__in=set(intents) - {""})
    return {intent or "": code for intent, code in rows.values_list("payment_intent_id", "order__code")}


def _of(rows, **conditions) -> QuerySet:
    order = "order" if rows.model is Payment else "payment__order"
    return rows.filter(**conditions).select_related(order).order_by("pk")


def _chunks(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
