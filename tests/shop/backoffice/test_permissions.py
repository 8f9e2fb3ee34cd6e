"""Each group sees what it needs and nothing more, whatever address somebody types."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from shop.orders.models import Order, OrderStatus
from tests.factories.shop import make_consent_texts

pytestmark = pytest.mark.django_db

LISTS = [
    "/admin/orders/",
    "/admin/cases/",
    "/admin/outbox/",
    "/admin/payment-events/",
    "/admin/consent-texts/",
]


def refused(response) -> bool:
    """Wagtail sends somebody without the permission back to its first page."""
    return response.status_code == 302 and response.url in {"/admin/", reverse("wagtailadmin_login")}


@pytest.fixture(params=["Editors", "Clinical reviewers"])
def outsider(request, client, person_of):
    client.force_login(person_of(request.param))
    return client


@pytest.mark.parametrize("address", LISTS)
def test_editors_and_reviewers_see_no_order_mail_or_payment(outsider, address):
    assert refused(outsider.get(address))


def test_they_have_no_menu_that_leads_there(outsider, paid_order):
    page = outsider.get("/admin/").content.decode()

    assert "/admin/orders/" not in page
    assert "paid order" not in page


def test_they_cannot_open_or_change_an_order(outsider, paid_order):
    assert refused(outsider.get(reverse("orders:inspect", args=[paid_order.pk])))
    for action in ("dispatch", "cancel"):
        response = outsider.post(
            reverse(f"orders:{action}", args=[paid_order.pk]), {"carrier": "DHL", "tracking_number": "1"}
        )
        assert refused(response)

    paid_order.refresh_from_db()
    assert paid_order.status == OrderStatus.PAID


def test_nobody_is_let_in_without_a_login(client, paid_order):
    response = client.get(reverse("orders:inspect", args=[paid_order.pk]))

    assert response.status_code == 302
    assert response.url.startswith(reverse("wagtailadmin_login"))


@pytest.mark.parametrize("address", LISTS)
def test_staff_see_each_list(staff, paid_order, address):
    make_consent_texts()

    assert staff.get(address).status_code == 200


@pytest.mark.parametrize("action", ["edit", "delete"])
def test_not_even_an_administrator_edits_or_deletes_an_order(admin_client, paid_order, action):
    response = admin_client.post(
        reverse(f"orders:{action}", args=[paid_order.pk]), {"email": "other@example.org"}
    )

    assert refused(response)
    assert Order.objects.get().email == "ada@example.org"


def test_nobody_makes_an_order_by_hand(admin_client, paid_order):
    assert refused(admin_client.get(reverse("orders:add")))


def test_a_used_consent_text_cannot_be_reworded(admin_client, paid_order):
    text = paid_order.consents.first().text

    assert refused(admin_client.post(reverse("consent-texts:edit", args=[text.pk]), {"text": "Other words"}))

    before = text.text
    text.refresh_from_db()
    assert text.text == before


def test_a_new_wording_is_a_new_version(staff, paid_order):
    response = staff.post(
        reverse("consent-texts:add"), {"kind": "terms", "version": "2", "text": "New words"}, follow=True
    )

    assert response.status_code == 200
    assert "created" in response.content.decode()


def test_staff_cannot_edit_pages(staff):
    home = Page.objects.filter(depth=2).first()

    assert refused(staff.get(reverse("wagtailadmin_pages:edit", args=[home.pk])))
