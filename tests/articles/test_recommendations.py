import pytest

from articles.models import ArticlePage, Category, RecommendedLink
from tests.factories.site import make_article

pytestmark = pytest.mark.django_db


def make(
    title: str, *tags: str, chosen: list[ArticlePage] | None = None, shelf: str = "symptoms"
) -> ArticlePage:
    category = Category.objects.get_or_create(slug=shelf, defaults={"name": shelf.title()})[0]
    article = make_article(title=title, category=category)
    article.tags.add(*tags)
    article.recommended_links = [
        RecommendedLink(target=target, sort_order=place) for place, target in enumerate(chosen or [])
    ]
    article.save_revision().publish()
    return ArticlePage.objects.get(pk=article.pk)


def shown(article: ArticlePage) -> list[tuple[str, str]]:
    return [(item.article.title, item.reason) for item in ArticlePage.objects.recommended_for(article)]


CHOSEN = "Shown because our editors recommend it with this article."


def test_what_editors_chose_comes_first_and_in_their_order():
    make("Shares much", "Iron", "Blood", shelf="elsewhere")
    first, second = make("First", shelf="far"), make("Second", shelf="far")
    article = make("This", "Iron", "Blood", chosen=[second, first])
    assert shown(article) == [
        ("Second", CHOSEN),
        ("First", CHOSEN),
        ("Shares much", "Shown because it shares the topic Blood."),
    ]


def test_more_shared_topics_weigh_more_than_the_shelf():
    make("Same shelf")
    make("Shares one", "Iron", shelf="elsewhere")
    make("Shares two", "Iron", "Sleep", shelf="elsewhere")
    make("Newest but unrelated", "Skin", shelf="elsewhere")
    assert shown(make("This", "Iron", "Sleep")) == [
        ("Shares two", "Shown because it shares the topic Iron."),
        ("Shares one", "Shown because it shares the topic Iron."),
        ("Same shelf", "Shown because it is about the same subject: Symptoms."),
    ]


def test_an_article_never_recommends_itself_nor_a_draft():
    draft = make("Draft", "Iron")
    article = make("This", "Iron", chosen=[draft])
    draft.unpublish()
    assert shown(article) == []


def test_where_nothing_is_related_the_newest_articles_fill_the_row():
    make("Older", shelf="far")
    make("Newer", shelf="far")
    newest = "Shown because it is among our newest articles."
    assert shown(make("This")) == [("Newer", newest), ("Older", newest)]


def test_a_preview_shows_choices_that_are_not_saved():
    article = make("This", shelf="lonely")
    article.recommended_links = [RecommendedLink(target=make("Chosen", shelf="far"))]
    assert shown(article)[0] == ("Chosen", CHOSEN)


def test_an_article_alone_in_the_world_recommends_nothing():
    assert shown(make("This")) == []
