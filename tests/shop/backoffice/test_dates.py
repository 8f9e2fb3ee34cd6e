"""One moment is the same date on every paper and screen: here half past eleven in UTC on New Year's Eve."""

import time_machine
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from shop.catalogue.models import TaxRate
from shop.orders import transitions
from shop.orders.models import Actor, Order
from shop.privacy.export import as_json, export_order
from shop.receipts.documents import text_of
from shop.receipts.issuing import issue_receipt
from tests.factories.shop import make_order, make_site_settings
from tests.shop.checkout.conftest import confirm

MOMENT = "2026-12-31 23:30Z"


def test_the_sites_time_zone_decides_everywhere(settings, staff, client):
    settings.TIME_ZONE = "Europe/Berlin"
    make_site_settings()
    TaxRate.objects.create(country="GB", rate="20", valid_from="2027-01-01")
    # As in the admin of somebody who has a time zone of their own.
    with time_machine.travel(MOMENT, tick=False), timezone.override("America/New_York"):
        order = make_order(country="GB")
        transitions.apply(order.pk, "pay", actor=Actor.STRIPE, data={"amount": 9900, "currency": "USD"})
        receipt = issue_receipt(order)
        details = dict(text_of(receipt)["details"])
        order = Order.objects.get(pk=order.pk)
        exported = as_json(export_order(order))
    confirm(client, order)
    screen = staff.get(reverse("orders:inspect", args=[order.pk])).content.decode()
    page = client.get(order.get_absolute_url()).content.decode()

    assert receipt.number.startswith("2027")
    assert (details["Issued"], details["Paid"]) == ("1 January 2027", "1 January 2027")
    assert order.lines.get().tax_rate == 20
    assert '"created_at": "2027-01-01T00:30:00+01:00"' in exported
    assert "1 Jan 2027" in screen
    assert "1 January 2027" in page
    for words in (exported, screen, page):
        assert "31 Dec" not in words
        assert "2026-12-31" not in words


def test_nobody_has_a_time_zone_of_their_own_in_the_admin(staff):
    account = staff.get(reverse("wagtailadmin_account"))
    assert account.status_code == 200
    assert "current_time_zone" not in account.content.decode()
    staff.post(reverse("wagtailadmin_account"), {"locale-current_time_zone": "Pacific/Auckland"})
    assert not UserProfile.objects.exclude(current_time_zone="").exists()
