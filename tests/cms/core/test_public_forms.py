"""Which forms are taken without a token."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from cms.core.public_forms import public_form


@public_form
def take(request):
    return HttpResponse("taken")


def post(**headers):
    return take(RequestFactory().post("/basket/add/", headers=headers))


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin"},
        {"origin": "http://testserver"},
        {"referer": "http://testserver/health-checks/thyroid/"},
        # What the browser says itself outweighs an origin that a no-referrer page hides.
        {"sec-fetch-site": "same-origin", "origin": "null"},
    ],
)
def test_a_form_of_this_site_is_taken(headers):
    assert post(**headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://testserver"},
        {"sec-fetch-site": "none"},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"referer": "https://elsewhere.example/testserver"},
        {"referer": "http://["},
    ],
)
def test_any_other_is_refused(headers):
    with pytest.raises(PermissionDenied):
        post(**headers)


def test_reading_needs_no_origin():
    assert take(RequestFactory().get("/basket/")).status_code == 200
