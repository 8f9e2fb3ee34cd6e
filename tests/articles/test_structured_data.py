import pytest
from django.test import Client

from tests.documents import things_of
from tests.factories.site import make_article


@pytest.mark.django_db
def test_an_article_stands_in_its_medical_page():
    page = make_article({"Why?": "<p>Because.</p>"}, title="Iron & you")
    things = things_of(Client().get(page.url).content.decode())
    assert things["MedicalWebPage"]["mainEntity"] == {"@id": things["Article"]["@id"]}
    assert things["Article"]["headline"] == "Iron & you"
    assert things["Article"]["author"]["name"] == "Ada Author"
    assert things["FAQPage"]["mainEntity"][0]["acceptedAnswer"]["text"] == "Because."
