"""Send a buyer to payment: one attempt is one row and one Checkout Session at Stripe.

No order has two sessions that can be paid: before a new attempt begins, Stripe is asked about the earlier
ones, and an old session that is still open is ended there. While one cannot be ended, no other begins.
"""

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.orders import timeline
from shop.orders.locks import lock_order
from shop.orders.models import Actor, Order, OrderStatus
from shop.orders.timeline import TimelineKind
from shop.payments import gateway
from shop.payments.gateway import CheckoutSession
from shop.payments.models import IN_FLIGHT, Cause, Payment, PaymentState
from shop.payments.order_states import customer_label, shown_state
from shop.payments.settling.sessions import close_session, settle_session

SESSION_LIFETIME = timedelta(hours=1)
# Stripe takes an expiry from 30 minutes ahead only, so a row older than this cannot be sent again.
CREATION_WINDOW = timedelta(minutes=25)
# A buyer who is sent to a session must have the time to fill it in.
MIN_STAY = timedelta(minutes=5)
# Another tab may begin an attempt between the question to Stripe and the order's lock.
MAX_ROUNDS = 3


class PaymentNotPossible(Exception):
    """The order needs no payment now; the text says why in words for the buyer."""


def start_payment(order: Order, *, success_url: str, cancel_url: str, shows_email: bool = True) -> Payment:
    """Return an open attempt with an address (`url`) to send the buyer to.

    `shows_email` says whether the payment page may show the buyer's e-mail address. Somebody who has only the
    order's link must not learn whose it is: without it, a session that shows the address is ended.

    A double click, a second tab and the back button get the same open session. The row and its idempotency
    key are committed before Stripe is called, so an answer that got lost makes no second session that
    somebody was sent to. `success_url` holds {CHECKOUT_SESSION_ID}, which Stripe fills in.
    Raise PaymentNotPossible, gateway.PaymentUnavailable or gateway.PaymentRefused; the order stands in
    each case.
    """
    for _round in range(MAX_ROUNDS):
        _settle_earlier_attempts(order.pk, shows_email)
        payment = _current_attempt(order.pk, shows_email)
        if payment is None:
            continue
        if payment.state == PaymentState.OPEN:
            return payment
        session = _create_session(payment, order, success_url=success_url, cancel_url=cancel_url)
        if session:
            return _open(payment, session)
    raise gateway.PaymentUnavailable("An earlier session cannot be ended now")


def _settle_earlier_attempts(order_id: int, shows_email: bool) -> None:
    """Ask Stripe, outside any transaction: no second session may follow a paid one whose webhook is late."""
    attempts = list(Payment.objects.filter(order_id=order_id).order_by("-pk"))
    usable = _usable(attempts, timezone.now(), shows_email)
    for attempt in attempts:
        if attempt.session_id is None:
            continue
        if attempt.state == PaymentState.PROCESSING:
            settle_session(attempt.session_id, Cause.NEW_ATTEMPT)
        elif attempt.state == PaymentState.OPEN and attempt != usable:
            close_session(attempt.session_id, Cause.NEW_ATTEMPT)


@transaction.atomic
def _current_attempt(order_id: int, shows_email: bool) -> Payment | None:
    """Return the attempt to go on with; None while an earlier one that is open must be ended first."""
    order = lock_order(order_id)
    _check_payable(order)
    now = timezone.now()
    attempts = list(order.payments.order_by("-pk"))
    if any(attempt.state in IN_FLIGHT for attempt in attempts):
        raise PaymentNotPossible(_("There is a payment already that has not been settled."))
    usable = _usable(attempts, now, shows_email)
    if any(attempt.state == PaymentState.OPEN and attempt != usable for attempt in attempts):
        return None
    if usable:
        return usable
    if attempts and attempts[0].state == PaymentState.CREATED:
        _give_up(attempts[0], PaymentState.EXPIRED)
    return _new_attempt(order, now, shows_email)


def _usable(attempts: list[Payment], now: datetime, shows_email: bool) -> Payment | None:
    """Return the newest of these attempts (newest first), if a buyer can still be sent to it."""
    newest = attempts[0] if attempts else None
    if newest is None or (newest.shows_email and not shows_email):
        return None
    if newest.state == PaymentState.CREATED:
        return newest if newest.created_at > now - CREATION_WINDOW else None
    is_open = newest.state == PaymentState.OPEN
    return newest if is_open and newest.expires_at > now + MIN_STAY else None


def _create_session(
    payment: Payment, order: Order, *, success_url: str, cancel_url: str
) -> CheckoutSession | None:
    """Return Stripe's session for a new row; None when the row cannot be used and another must be made."""
    try:
        return gateway.create_checkout_session(
            order_code=order.code,
            payment_id=payment.pk,
            amount=payment.amount,
            currency=payment.currency,
            email=order.email if payment.shows_email else None,
            expires_at=payment.expires_at,
            idempotency_key=payment.idempotency_key,
            success_url=success_url,
            cancel_url=cancel_url,
        )
    except gateway.KeyUsedBefore:
        # The answer to a try from another page got lost.
        _give_up(payment, PaymentState.EXPIRED)
        return None
    except gateway.PaymentRefused:
        # The key would give the same refusal again; the next try gets a row of its own.
        _give_up(payment, PaymentState.FAILED)
        raise


def _give_up(payment: Payment, state: PaymentState) -> None:
    """End a row that is still new. Whether or not Stripe made a session, nobody was sent to it."""
    Payment.objects.filter(pk=payment.pk, state=PaymentState.CREATED).update(state=state)


def _check_payable(order: Order) -> None:
    if order.status != OrderStatus.AWAITING_PAYMENT:
        raise PaymentNotPossible(
            _("Order %(code)s is “%(status)s”; there is nothing to pay.")
            % {
                "code": order.code,
                "status": customer_label(shown_state(order), is_free=not order.total_amount),
            }
        )


def _new_attempt(order: Order, now: datetime, shows_email: bool) -> Payment:
    payment = Payment.objects.create(
        order=order,
        idempotency_key=uuid4(),
        amount=order.total_amount,
        currency=order.currency,
        shows_email=shows_email,
        expires_at=now + SESSION_LIFETIME,
    )
    timeline.record(
        order,
        TimelineKind.PAYMENT_STARTED,
        Actor.BUYER,
        data={"amount": payment.amount, "currency": payment.currency, "payment": payment.pk},
    )
    return payment


def _open(payment: Payment, session: CheckoutSession) -> Payment:
    """Return the attempt with its session. Raise PaymentNotPossible if the order has ended meanwhile."""
    with transaction.atomic():
        order = lock_order(payment.order_id)
        payment = Payment.objects.select_for_update().get(pk=payment.pk)
        # A webhook may have been faster: only a row that is still new becomes open.
        if payment.state == PaymentState.CREATED:
            payment.state = PaymentState.OPEN
            payment.session_id = session.id
            payment.url = session.url
            payment.save(update_fields=["state", "session_id", "url"])
    if payment.state != PaymentState.OPEN or order.status != OrderStatus.AWAITING_PAYMENT:
        close_session(session.id, Cause.NEW_ATTEMPT)
        order.refresh_from_db()
        _check_payable(order)
        raise PaymentNotPossible(_("This payment has ended. Please begin again."))
    return payment
