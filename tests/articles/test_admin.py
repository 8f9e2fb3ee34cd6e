import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.blocks import StructBlockValidationError
from wagtail.test.utils.form_data import querydict_from_html

from articles.models import ArticlePage, Category, Person
from cms.core.blocks import SourceBlock
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


@pytest.mark.parametrize(
    ("last", "following", "field", "words"),
    [
        ("2199-01-01", "", "last_reviewed", "cannot lie in the future"),
        ("2026-05-02", "2026-05-02", "next_review_due", "must come after the last one"),
        ("2026-05-02", "2025-05-02", "next_review_due", "must come after the last one"),
    ],
)
def test_dates_of_reviews_that_cannot_be_are_refused_beside_the_field(
    administrator, last, following, field, words
):
    article = make_article(last_reviewed="2026-01-01")
    address = reverse("wagtailadmin_pages:edit", args=[article.pk])
    shown = querydict_from_html(administrator.get(address).content.decode(), form_id="page-edit-form")
    typed = {"title": "Typed", "last_reviewed": last, "next_review_due": following}
    streams = {f"{name}-count": "0" for name in ("body", "questions", "sources")}

    response = administrator.post(address, {**shown.dict(), **streams, **typed})

    assert list(response.context["form"].errors) == [field]
    assert words in response.content.decode()
    assert 'value="Typed"' in response.content.decode()
    article.refresh_from_db()
    assert not article.has_unpublished_changes


def test_a_reviewer_who_is_no_clinician_is_refused_in_words():
    article = make_article()
    writer = Person.objects.create(name="Wanda Writer", slug="wanda-writer")
    editor = User.objects.create_superuser("administrator")
    form = ArticlePage.get_edit_handler().get_form_class()(instance=article, for_user=editor)
    with pytest.raises(ValidationError, match="not marked as a clinician"):
        form.fields["reviewer"].clean(str(writer.pk))


def test_a_source_from_a_year_to_come_is_refused_beside_the_year():
    source = {"title": "Anaemia", "publisher": "WHO", "url": "https://www.who.int/", "year": 2099}
    block = SourceBlock()
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(block.to_python(source))
    assert list(refused.value.block_errors) == ["year"]
    assert block.clean(block.to_python({**source, "year": 2026}))["year"] == 2026
