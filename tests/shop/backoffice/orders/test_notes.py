import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from shop.mail.models import OutboxMail
from shop.orders.models import OrderNote

pytestmark = pytest.mark.django_db


def add_note(client, order, text: str):
    return client.post(reverse("orders:note", args=[order.pk]), {"text": text}, follow=True)


def test_a_note_is_shown_with_its_author_and_told_to_nobody_else(staff, paid_order):
    mails = OutboxMail.objects.count()

    page = add_note(staff, paid_order, "Rang us about <b>the parcel</b>").content.decode()

    assert "Rang us about &lt;b&gt;the parcel&lt;/b&gt;" in page
    assert paid_order.notes.get().author.username == "staff"
    assert OutboxMail.objects.count() == mails


@pytest.mark.parametrize("text", ["  ", "x" * 2001])
def test_an_empty_or_endless_note_is_refused_beside_the_field(staff, paid_order, text):
    response = add_note(staff, paid_order, text)

    assert response.status_code == 422
    assert response.context["note_form"].errors["text"]
    assert not OrderNote.objects.exists()


def test_whoever_may_look_but_not_write_gets_no_form_and_is_refused(staff, paid_order):
    permission = Permission.objects.get(codename="add_ordernote")
    Group.objects.get(name="Staff").permissions.remove(permission)

    assert "Add this note" not in staff.get(reverse("orders:inspect", args=[paid_order.pk])).content.decode()
    add_note(staff, paid_order, "Not allowed")

    assert not OrderNote.objects.exists()


def test_a_link_cannot_add_a_note(staff, paid_order):
    staff.get(reverse("orders:note", args=[paid_order.pk]), {"text": "By a link"})

    assert not OrderNote.objects.exists()


def test_notes_of_many_colleagues_cost_no_more_queries(
    staff, paid_order, person_of, django_assert_max_num_queries
):
    for author in (person_of("Editors"), person_of("Clinical reviewers")) * 10:
        OrderNote.objects.create(order=paid_order, author=author, text="A note")
    staff.get(reverse("orders:inspect", args=[paid_order.pk]))
    with django_assert_max_num_queries(28):
        staff.get(reverse("orders:inspect", args=[paid_order.pk]))
