"""A content type that no browser sends ends neither in an error of ours nor in words in pieces."""

import pytest
from django.test import Client

from cms.wsgi import application

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"


@pytest.fixture(autouse=True)
def made_as_the_site_makes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django's client makes requests of its own class."""
    monkeypatch.setattr("django.test.client.WSGIRequest", application.request_class)


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["hex", "undefined", "idna", "punycode", "utf-16", "latin-1", "nosuch"])
def test_parameters_are_read_in_utf_8_whatever_charset_is_named(charset: str):
    page = Client().generic("GET", "/search/?q=caf%C3%A9%ff", CONTENT_TYPE=f"text/plain; charset={charset}")
    assert page.status_code == 200
    assert "café" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [FORM, PARTS])
@pytest.mark.parametrize(
    ("charset", "status"), [("hex", 400), ("idna", 400), ("latin-1", 400), ("UTF8", 404), ("nosuch", 404)]
)
def test_a_form_is_taken_in_utf_8_only(kind: str, charset: str, status: int):
    body = b'--x\r\nContent-Disposition: form-data; name="package"\r\n\r\nNONE\r\n--x--\r\n'
    answer = Client().generic(
        "POST",
        "/basket/add/",
        body if kind == PARTS else b"package=NONE",
        content_type=f"{kind}; charset={charset}",
        headers={"sec-fetch-site": "same-origin"},
    )
    assert answer.status_code == status  # 404: read, and there is no such health check


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["x; charset*=utf-8''%00", "x; a*=undefined''aa", "x; a*=nosuch''aa"])
def test_a_content_type_that_cannot_be_read_counts_as_not_sent(kind: str):
    assert Client().generic("GET", "/search/?q=iron", CONTENT_TYPE=kind).status_code == 200
