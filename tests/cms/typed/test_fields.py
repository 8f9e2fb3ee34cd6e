"""Who works in the admin, and what was stored before, is found however it is typed."""

import pytest
from django.contrib.auth import authenticate
from django.db import models

from cms.typed.stored import clean_column
from cms.typed.text import clean_email, clean_word_code
from cms.users.forms import PasswordResetForm
from cms.users.models import User
from shop.discounts.models import DiscountCode
from shop.orders.models import Order
from tests.factories.shop import make_code, make_order

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]


def test_staff_log_in_and_get_a_new_password_however_they_type_their_names(rf):
    user = User.objects.create_superuser("editor", "Ann@Example.com\u200b", "secret words of an editor")

    assert authenticate(username="ｅｄｉｔｏｒ\u200b", password="secret words of an editor") == user
    asked = PasswordResetForm({"email": "ann@example.com\u2060"}, request=rf.post("/admin/password_reset/"))

    assert asked.is_valid()
    assert list(asked.get_users(asked.cleaned_data["email"])) == [user]


def test_what_was_stored_unclean_is_cleaned_where_no_other_row_has_it():
    order, code, taken = make_order(), make_code("OLD"), make_code("TAKEN")
    _write(Order, order.pk, "email", "Jo@Example.org\u200b")
    _write(DiscountCode, code.pk, "code", "ｏｌｄ")
    double = make_code("DOUBLE")
    _write(DiscountCode, double.pk, "code", "taken")

    clean_column(Order, "email", clean_email)
    clean_column(DiscountCode, "code", clean_word_code)

    assert Order.objects.get().email == "Jo@example.org"
    assert set(DiscountCode.objects.values_list("code", flat=True)) == {"OLD", "TAKEN", "taken"}
    assert DiscountCode.objects.get(code="TAKEN") == taken


def _write(model: type[models.Model], pk: int, name: str, value: str) -> None:
    """Past the field, as an earlier version did."""
    raw = models.Value(value, output_field=models.TextField())
    model.objects.filter(pk=pk).update(**{name: raw})
