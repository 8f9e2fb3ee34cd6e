"""Each group sees what it needs and nothing more, whatever address somebody types."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import Page

from shop.backoffice.generic import RecordViewSet
from shop.backoffice.viewsets import ShopViewSetGroup
from shop.cases.actions import open_case
from shop.cases.models import CaseKind
from shop.orders.holds import place_hold
from shop.orders.models import HoldKind, Order, OrderStatus
from shop.payments.models import Dispute, EventState, WebhookEvent
from tests.factories.shop import make_consent_texts, make_payment

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


# What they do with a row needs only the permission to see it.
ONLY_LOOKING = {"orders:receipt", "orders:export", "outbox:body"}


def action_addresses() -> dict[str, str]:
    """Return the address of each view that a desk adds to what a list and its screen have."""
    generic = {pattern.name for pattern in RecordViewSet(model=Order).get_urlpatterns()}
    return {
        name: reverse(name, kwargs=dict.fromkeys(pattern.pattern.converters, 1))
        for viewset in ShopViewSetGroup.items
        if isinstance(viewset, ModelViewSet)
        for pattern in viewset.get_urlpatterns()
        if pattern.name not in generic
        for name in [viewset.get_url_name(pattern.name)]
    }


def test_who_may_only_look_is_refused_by_every_action(client, person_of, paid_order):
    looker = person_of("Clinical reviewers")
    looker.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(looker)
    addresses = action_addresses()
    assert {"orders:cancel", "orders:release", "cases:take", "outbox:resend", "payment-events:retry"} <= {
        *addresses
    }
    dispute = Dispute.objects.create(
        provider_id="dp_1", payment=make_payment(paid_order), amount=1, currency="USD", state="lost",
        opened_at=timezone.now(),
    )  # fmt: skip
    place_hold(paid_order, HoldKind.DISPUTE, occasion=dispute.occasion)
    open_case(CaseKind.DISPUTE, reference=paid_order.reference, reason="A dispute")
    WebhookEvent.objects.create(event_id="evt_1", kind="x", payload={}, state=EventState.FAILED)

    let_in = {name for name, address in addresses.items() if not refused(client.post(address))}

    assert let_in <= ONLY_LOOKING, let_in


def test_staff_cannot_edit_pages(staff):
    home = Page.objects.filter(depth=2).first()

    assert refused(staff.get(reverse("wagtailadmin_pages:edit", args=[home.pk])))
