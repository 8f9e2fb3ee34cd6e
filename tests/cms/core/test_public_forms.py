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
        {"origin": "http://testserver:80"},
        {"origin": "HTTP://TestServer"},
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
        {"origin": "https://testserver"},
        {"referer": "https://testserver/"},
        {"origin": "http://testserver:8000"},
        {"origin": "http://testserver:eighty"},
        {"origin": "http://testserver."},
        {"origin": "http://reader@testserver"},
        {"origin": "http://testserver:80@elsewhere.example"},
        {"origin": "//testserver"},
        {"origin": "ftp://testserver"},
        {"origin": "testserver"},
    ],
)
def test_any_other_is_refused(headers):
    with pytest.raises(PermissionDenied):
        post(**headers)


@pytest.mark.parametrize(
    ("origin", "is_taken"),
    [("https://testserver", True), ("https://testserver:443", True), ("http://testserver", False)],
)
def test_the_site_without_tls_is_another_site(origin, is_taken):
    request = RequestFactory().post("/basket/add/", secure=True, headers={"origin": origin})
    if is_taken:
        assert take(request).status_code == 200
    else:
        with pytest.raises(PermissionDenied):
            take(request)


def test_reading_needs_no_origin():
    assert take(RequestFactory().get("/basket/")).status_code == 200
