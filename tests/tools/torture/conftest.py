"""A small shop that adds up, for tampering with."""

import pytest
from django.utils import timezone

from shop.mail.models import MailAttempt, MailState, OutboxMail
from shop.orders.models import Order
from shop.payments.models import Cause
from shop.payments.settling.sessions import settle_session
from tests.factories.shop import make_order, make_site_settings
from tests.shop.payments.conftest import begin_payment, standin  # noqa: F401 - pytest finds a fixture by its name here
from tools.torture.audit import Evidence


def send_all_mails() -> None:
    """Send mails as a worker whose mail server accepts everything at the first attempt."""
    for mail in OutboxMail.objects.waiting():
        MailAttempt.objects.create(mail=mail, succeeded=True)
    OutboxMail.objects.waiting().update(state=MailState.SENT, sent_at=timezone.now())


class SmallShop:
    """Two paid orders and one that waits, their mails sent, and a provider whose books agree."""

    def __init__(self, provider) -> None:
        self.provider = provider
        make_site_settings()
        self.paid = [self._buy(number) for number in (1, 2)]
        self.waiting = make_order(email="waiting@example.org")
        begin_payment(self.waiting)
        send_all_mails()
        self.taken = list(OutboxMail.objects.values_list("message_id", flat=True))

    def evidence(self) -> Evidence:
        """Return what the provider and the mail server know now."""
        return Evidence(books=self.provider.books(), accepted_message_ids=self.taken)

    def _buy(self, number: int) -> Order:
        order = make_order(email=f"buyer-{number}@example.org")
        session = begin_payment(order).session_id
        self.provider.pay(session)
        settle_session(session, Cause.WEBHOOK)
        order.refresh_from_db()
        return order


@pytest.fixture
def shop(db, standin) -> SmallShop:  # noqa: F811 - a fixture is asked for by its name
    return SmallShop(standin)
