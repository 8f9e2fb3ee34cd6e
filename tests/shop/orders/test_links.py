import pytest
from django.utils import timezone

from shop.mail import outbox
from shop.mail.models import MailState, OutboxMail
from shop.orders import mails
from shop.orders.links import LinkNotRenewed, renew_link
from shop.orders.models import Actor, Order
from shop.orders.timeline import sentence
from tests.factories.shop import make_order, make_site_settings


@pytest.fixture
def order(db) -> Order:
    make_site_settings()
    return make_order()


def test_a_new_link_replaces_the_old_one_and_is_mailed_each_time(order, admin_user):
    secrets = [order.secret, *(renew_link(order.pk, admin_user).secret for _ in range(2))]

    order.refresh_from_db()
    assert len(set(secrets)) == 3
    assert order.secret == secrets[-1]
    sent = OutboxMail.objects.filter(kind="order_link").order_by("pk")
    assert [mail.recipient for mail in sent] == [order.email] * 2
    assert secrets[-1] in sent[1].text_body
    assert secrets[-1] in sent[1].html_body


def test_mails_that_wait_or_are_sent_again_lead_to_the_new_link(order, admin_user):
    sent, waiting = mails.order_paid(order), mails.payment_retry(order, attempt=1, has_failed=True)
    OutboxMail.objects.filter(pk=sent.pk).update(state=MailState.SENT)
    old = order.get_absolute_url()

    new = renew_link(order.pk, admin_user).get_absolute_url()

    sent.refresh_from_db()
    waiting.refresh_from_db()
    for mail in (sent, waiting, outbox.resend(sent, admin_user)):
        for words in (mail.text_body, mail.html_body):
            assert new in words
            assert old not in words


def test_no_mail_that_waits_for_another_address_carries_the_new_link_there(order, admin_user):
    mail = mails.order_received(order)
    copies = [
        outbox.resend(mail, admin_user, address) for address in ("ada@wrong.example", order.email.upper())
    ]

    renew_link(order.pk, admin_user)

    for copy in copies:
        copy.refresh_from_db()
    assert [copy.state for copy in copies] == [MailState.CANCELLED, MailState.QUEUED]
    assert copies[0].cancelled_by == admin_user


def test_a_new_link_changes_no_mail_about_another_order_and_nothing_else_in_its_own(order, admin_user):
    kept = [mails.order_received(make_order()), mails.new_order(order)]
    paid = mails.order_paid(order)
    before = [(mail.text_body, mail.html_body) for mail in (*kept, paid)]

    new = renew_link(order.pk, admin_user).secret

    for mail in (*kept, paid):
        mail.refresh_from_db()
    after = [(mail.text_body, mail.html_body) for mail in (*kept, paid)]
    assert after[:2] == before[:2]
    assert after[2] == tuple(words.replace(order.secret, new) for words in before[2])


def test_the_timeline_says_who_did_it_and_holds_no_link(order, admin_user):
    renewed = renew_link(order.pk, admin_user)

    entry = order.timeline.get(kind="link_renewed")
    assert (entry.actor, entry.user) == (Actor.STAFF, admin_user)
    assert "was renewed" in sentence(entry)
    assert renewed.secret not in str(entry.data)


def test_an_erased_order_gets_no_link(order, admin_user):
    Order.objects.update(erased_at=timezone.now())

    with pytest.raises(LinkNotRenewed):
        renew_link(order.pk, admin_user)

    assert Order.objects.get().secret == order.secret
    assert not OutboxMail.objects.filter(kind="order_link").exists()
