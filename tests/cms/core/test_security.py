"""The public site has a strict policy; the admin, which carries inline scripts, a looser one."""

import pytest
from django.conf import settings
from django.test import Client

from cms.users.models import User
from tests.factories.site import make_plain_page

pytestmark = pytest.mark.django_db


def policy(response) -> dict[str, str]:
    directives = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: sources for name, _space, sources in directives}


def test_no_inline_script_runs_on_a_public_page():
    public = policy(Client().get(make_plain_page().url))
    assert public["default-src"] == "'self'"
    assert "script-src" not in public
    assert "unsafe-inline" not in str(public)
    assert public["frame-ancestors"] == "'self'"


def test_a_form_may_lead_to_the_payment_page_and_nowhere_else():
    sources = policy(Client().get(make_plain_page().url))["form-action"].split()
    assert sources == ["'self'", "https://checkout.stripe.com", settings.STRIPE_API_BASE]


def test_the_admin_may_run_its_inline_scripts():
    admin = policy(Client().get("/admin/login/"))
    assert "'unsafe-inline'" in admin["script-src"]
    assert admin["frame-ancestors"] == "'self'"


def test_a_preview_inside_the_admin_may_run_the_editors_bar():
    assert "'unsafe-inline'" in policy(make_plain_page().make_preview_request())["script-src"]


def test_an_editors_page_may_run_the_editors_bar():
    editor = Client()
    editor.force_login(User.objects.create_superuser("editor", "editor@checkup.example", "long-enough-word"))
    assert "'unsafe-inline'" in policy(editor.get(make_plain_page().url))["script-src"]


def test_a_page_asks_for_no_device():
    header = Client().get(make_plain_page().url)["Permissions-Policy"]
    assert "camera=()" in header
    assert "geolocation=()" in header
