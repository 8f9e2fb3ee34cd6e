import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Category, Person
from cms.users.models import User
from tests.factories.site import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("administrator"))
    return client


@pytest.mark.parametrize(("model", "shown"), [(Category, "Symptoms"), (Person, "Ada Author")])
def test_categories_and_people_are_listed_and_edited_in_the_admin(administrator, model, shown):
    make_article()
    viewset = model.snippet_viewset
    assert shown in administrator.get(reverse(viewset.get_url_name("list"))).content.decode()
    address = reverse(viewset.get_url_name("edit"), args=[model.objects.first().pk])
    assert shown in administrator.get(address).content.decode()


def test_a_category_that_holds_articles_is_not_lost(administrator):
    article = make_article()
    address = reverse(Category.snippet_viewset.get_url_name("delete"), args=[article.category_id])
    administrator.post(address)
    assert Category.objects.filter(pk=article.category_id).exists()


def test_an_article_opens_in_the_editor(administrator):
    article = make_article({"Do I fast?": "<p>Yes.</p>"})
    response = administrator.get(reverse("wagtailadmin_pages:edit", args=[article.pk]))
    assert response.status_code == 200
    assert "Who stands for it" in response.content.decode()


def test_a_stranger_cannot_see_categories():
    address = reverse(Category.snippet_viewset.get_url_name("list"))
    assert Client().get(address).status_code == 302
