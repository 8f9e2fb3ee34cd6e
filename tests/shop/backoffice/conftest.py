"""People of each group, and an order with everything on its screen."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from cms.users.models import User
from shop.orders import transitions
from shop.orders.models import Actor, Order
from tests.factories.shop import make_order, make_site_settings


@pytest.fixture
def person_of(db) -> Callable[[str], User]:
    """Return a function that makes somebody of a group."""

    def make(group: str) -> User:
        user = User.objects.create_user(group.lower().replace(" ", "-"), password="a-long-password")
        user.groups.add(Group.objects.get(name=group))
        return user

    return make


@pytest.fixture
def staff(client: Client, person_of) -> Client:
    """Return a client in which somebody of the staff is logged in."""
    client.force_login(person_of("Staff"))
    return client


@pytest.fixture
def paid_order(db) -> Order:
    make_site_settings()
    order = make_order(buyer_name="Ada Buyer", email="ada@example.org")
    return pay(order)


def pay(order: Order) -> Order:
    """Note that the order's money arrived, and return the order."""
    data = {"amount": order.total_amount, "currency": order.currency}
    return transitions.apply(order.pk, "pay", actor=Actor.STRIPE, data=data)
