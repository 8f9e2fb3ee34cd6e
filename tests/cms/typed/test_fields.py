"""Who works in the admin is found however they type their name."""

import pytest
from django.contrib.auth import authenticate

from cms.users.forms import PasswordResetForm
from cms.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]


def test_staff_log_in_and_get_a_new_password_however_they_type_their_names(rf):
    user = User.objects.create_superuser("editor", "Ann@Example.com\u200b", "secret words of an editor")

    assert authenticate(username="ｅｄｉｔｏｒ\u200b", password="secret words of an editor") == user
    asked = PasswordResetForm({"email": "ann@example.com\u2060"}, request=rf.post("/admin/password_reset/"))

    assert asked.is_valid()
    assert list(asked.get_users(asked.cleaned_data["email"])) == [user]
