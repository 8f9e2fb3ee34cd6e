import json

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from shop.mail.models import OutboxMail
from shop.orders import transitions
from shop.orders.models import Order
from shop.privacy.erasure import erase_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def dispatched(paid_order, person_of) -> Order:
    return transitions.dispatch(paid_order.pk, "DHL", "JD0146", user=person_of("Editors"))


def screen(client, order: Order) -> str:
    return client.get(reverse("orders:inspect", args=[order.pk])).content.decode()


def erase(client, order: Order, **changes):
    data = {"code": order.code, "cause": "request", **changes}
    return client.post(reverse("orders:erase", args=[order.pk]), data, follow=True)


def is_erased(order: Order) -> bool:
    order.refresh_from_db()
    return order.erased_at is not None


def test_staff_confirm_with_the_code_and_a_reason_and_the_order_still_shows(staff, dispatched):
    assert "Erase personal data" in screen(staff, dispatched)
    assert "Erase for ever" in staff.get(reverse("orders:erase", args=[dispatched.pk])).content.decode()

    page = erase(staff, dispatched, code=f" {dispatched.code.lower()} ").content.decode()

    assert is_erased(dispatched)
    assert dispatched.timeline.get(kind="erased").user.username == "staff"
    assert "The personal and health data were erased." in page
    assert "$99" in page
    for gone in (
        "Ada Buyer",
        "ada@example.org",
        "1 Example Street",
        "mailto:",
        "JD0146",
        "Erase personal data",
    ):
        assert gone not in page


def test_what_was_added_since_is_erased_with_the_code_alone(staff, dispatched):
    erase_order(dispatched.pk)
    dispatched.notes.create(text="Ada Buyer rang again")
    assert "Erase what was added since" in screen(staff, dispatched)
    asked = staff.get(reverse("orders:erase", args=[dispatched.pk])).content.decode()
    assert "This takes out what was added since" in asked
    assert 'name="cause"' not in asked

    page = staff.post(
        reverse("orders:erase", args=[dispatched.pk]), {"code": dispatched.code}, follow=True
    ).content.decode()

    assert "is erased too" in page
    assert "Ada Buyer" not in page
    assert dispatched.timeline.filter(kind="erased").count() == 1


def test_the_list_says_erased(staff, dispatched):
    erase_order(dispatched.pk)

    page = staff.get("/admin/orders/").content.decode()

    assert dispatched.code in page
    assert "erased" in page


@pytest.mark.parametrize("changes", [{"code": "OTHER"}, {"cause": ""}, {"cause": "free words"}])
def test_a_wrong_code_or_no_reason_erases_nothing(staff, dispatched, changes):
    assert erase(staff, dispatched, **changes).status_code == 422

    assert not is_erased(dispatched)


def test_a_refusal_is_said_in_words(staff, paid_order):
    assert "has not been dispatched" in erase(staff, paid_order).content.decode()

    assert not is_erased(paid_order)


def test_a_link_erases_nothing(staff, dispatched):
    staff.get(reverse("orders:erase", args=[dispatched.pk]), {"code": dispatched.code, "cause": "request"})

    assert not is_erased(dispatched)


def test_whoever_lacks_the_permission_is_refused(staff, dispatched):
    Group.objects.get(name="Staff").permissions.remove(Permission.objects.get(codename="erase_order"))

    assert "Erase personal data" not in screen(staff, dispatched)
    staff.get(reverse("orders:erase", args=[dispatched.pk]))
    erase(staff, dispatched)

    assert not is_erased(dispatched)


@pytest.mark.parametrize("group", ["Editors", "Clinical reviewers"])
def test_editors_and_reviewers_get_no_data(client, dispatched, person_of, group):
    user = (
        person_of(group)
        if group != "Editors"
        else type(dispatched.shipments.get().dispatched_by).objects.get(username="editors")
    )
    client.force_login(user)

    response = client.post(reverse("orders:export", args=[dispatched.pk]))
    erase(client, dispatched)

    assert response.status_code == 302
    assert not is_erased(dispatched)


def test_the_download_holds_all_orders_and_is_written_down(staff, dispatched):
    response = staff.post(reverse("orders:export", args=[dispatched.pk]))

    assert response.headers["Content-Disposition"] == f'attachment; filename="data-{dispatched.code}.json"'
    assert "no-store" in response.headers["Cache-Control"]
    assert json.loads(response.content)["orders"][0]["buyer_name"] == "Ada Buyer"
    assert dispatched.timeline.get(kind="exported").user.username == "staff"


def test_nothing_is_handed_out_of_an_erased_order_or_by_a_link(staff, dispatched):
    assert staff.get(reverse("orders:export", args=[dispatched.pk])).status_code == 405
    erase_order(dispatched.pk)

    assert staff.post(reverse("orders:export", args=[dispatched.pk])).status_code == 404


def test_an_erased_mail_is_not_sent_again(staff, dispatched):
    erase_order(dispatched.pk)
    mail = OutboxMail.objects.filter(kind="order_paid").get()
    before = OutboxMail.objects.count()

    assert "Send again" not in staff.get(reverse("outbox:inspect", args=[mail.pk])).content.decode()
    page = staff.post(reverse("outbox:resend", args=[mail.pk]), follow=True).content.decode()
    assert "words of this mail are erased" in page

    assert OutboxMail.objects.count() == before
