import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone

from shop.mail.models import OutboxMail
from shop.orders.models import Order

pytestmark = pytest.mark.django_db

BUTTON = "Send a new link"


def renew(client, order: Order):
    return client.post(reverse("orders:renew_link", args=[order.pk]), follow=True)


def screen(client, order: Order) -> str:
    return client.get(reverse("orders:inspect", args=[order.pk])).content.decode()


def test_staff_send_a_new_link_and_the_old_one_opens_nothing(staff, client, paid_order):
    old = paid_order.get_absolute_url()
    assert BUTTON in screen(staff, paid_order)

    page = renew(staff, paid_order).content.decode()

    assert "has a new link" in page
    assert "was renewed" in page  # in the timeline
    assert client.get(old).status_code == 404
    assert client.get(Order.objects.get().get_absolute_url()).status_code == 200
    assert OutboxMail.objects.get(kind="order_link").recipient == "ada@example.org"


def test_who_may_look_but_not_act_sends_none(staff, paid_order):
    permission = Permission.objects.get(codename="change_order")
    Group.objects.get(name="Staff").permissions.remove(permission)

    assert BUTTON not in screen(staff, paid_order)
    renew(staff, paid_order)

    assert Order.objects.get().secret == paid_order.secret


def test_it_is_asked_before_on_a_page_of_its_own(staff, paid_order):
    page = staff.get(reverse("orders:renew_link", args=[paid_order.pk])).content.decode()

    assert "Yes, send a new link" in page
    assert Order.objects.get().secret == paid_order.secret


def test_an_erased_order_offers_none_and_says_why(staff, paid_order):
    Order.objects.update(erased_at=timezone.now())

    assert BUTTON not in screen(staff, paid_order)
    assert "is erased" in renew(staff, paid_order).content.decode()
