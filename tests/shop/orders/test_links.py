import pytest
from django.utils import timezone

from shop.mail.models import OutboxMail
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
    mails = OutboxMail.objects.filter(kind="order_link").order_by("pk")
    assert [mail.recipient for mail in mails] == [order.email] * 2
    for mail, secret in zip(mails, secrets[1:], strict=True):
        assert secret in mail.text_body
        assert secret in mail.html_body


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
